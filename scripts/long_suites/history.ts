import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'

/** What git knows of this tree. */
export interface History {
  /** Paths that changed, uncommitted ones too; null where that cannot be known. */
  readonly changed: readonly string[] | null
  /** Since when, in words. */
  readonly since: string
  /** Moves on by one from commit to commit; where history is not whole, from day to day. */
  readonly turn: number
}

/**
 * What changed since origin/main; on origin/main itself, within the day before its last commit: what nobody has tested yet
 * cannot be told there. Where history ends earlier, and without git, everything may have changed.
 *
 * @param root the project's folder
 * @param today days since 1970
 */
export function historyOf(root: string, today: number): History {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  const tried = (...args: string[]): string => {
    try {
      return git(...args)
    } catch {
      return ''
    }
  }
  // An exported tree may lie inside of somebody else's repository.
  const top = tried('rev-parse', '--show-toplevel')
  const head = tried('rev-parse', '--verify', 'HEAD')
  if (head === '' || top !== realpathSync(root))
    return { changed: null, since: 'there is no git here to tell what changed', turn: today }

  const whole = git('rev-parse', '--is-shallow-repository') === 'false'
  const turn = whole ? Number(git('rev-list', '--count', 'HEAD')) : today
  const fork = tried('merge-base', 'HEAD', 'origin/main')
  const dayBefore = Number(git('log', '-1', '--format=%ct')) - 24 * 3600
  const base = fork !== '' && fork !== head ? fork : tried('rev-list', '-1', `--before=${dayBefore}`, 'HEAD')
  if (base === '') return { changed: null, since: 'history ends within the last day', turn }
  const changed = [
    ...git('diff', '--name-only', '--no-renames', '-z', base).split('\0'),
    ...git('ls-files', '--others', '--exclude-standard', '-z').split('\0'),
  ].filter((path) => path !== '')
  return { changed, since: base === fork ? 'since origin/main' : 'within the last day of commits', turn }
}
