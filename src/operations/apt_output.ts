import { versionMatches } from './package_state.ts'
import type { PackageSpec } from './package_state.ts'

/**
 * Versions of a package in lines of dpkg-query: status, name with architecture where that is not the host's own (or the
 * package is for several), name, version.
 */
export function parseInstalled(lines: string, name: string): string[] {
  return lines.split('\n').flatMap((line) => {
    const [, binary, bare, version] = line.split(' ')
    const same = name.includes(':') ? binary === name : bare === name
    return same && version !== undefined ? [version] : []
  })
}

/** Reads `apt-cache policy`; what it gives out finds the version that a spec would install, or null. */
export function parsePolicy(text: string): (spec: PackageSpec) => string | null {
  const found = new Map<string, { candidate: string | null; versions: string[] }>()
  let current: { candidate: string | null; versions: string[] } | undefined
  for (const line of text.split('\n')) {
    const [, name] = /^(\S+):$/.exec(line) ?? []
    const [, candidate] = /^ {2}Candidate: (\S+)$/.exec(line) ?? []
    const [, version] = /^ (?: {3}|\*\*\*) (\S+) -?\d+$/.exec(line) ?? []
    if (name !== undefined) found.set(name, (current = { candidate: null, versions: [] }))
    else if (candidate !== undefined && current !== undefined)
      current.candidate = candidate === '(none)' ? null : candidate
    else if (version !== undefined) current?.versions.push(version)
  }
  return ({ name, version }) => {
    const known = found.get(name)
    if (known === undefined) return null
    if (version === null) return known.candidate
    // The candidate is what pins and releases of the host prefer; the versions come newest first.
    const { candidate, versions } = known
    if (candidate !== null && versionMatches(candidate, version)) return candidate
    return versions.find((one) => versionMatches(one, version)) ?? null
  }
}

/** Names in the lines `Remv pacemaker [2.1.5-1]` of a simulation. */
export const parseRemovals = (text: string): string[] =>
  [...text.matchAll(/^Remv (\S+) /gm)].map(([, name = '']) => name)
