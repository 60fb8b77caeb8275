import { homedir } from 'node:os'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'

/** An absolute path; `~/` is the home directory, a relative path starts at `directory`. */
export function resolveFrom(directory: string, path: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1))
  return resolve(directory, path)
}

/** A path as people type it: relative to where they are, absolute for what is elsewhere. */
export function shownPath(cwd: string, path: string): string {
  const short = relative(cwd, path)
  return short === '' || short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short) ? path : short
}
