import type { Update } from './upgrade_state.ts'

/**
 * Reads a simulation of apt-get: `Inst bash [5.2.15-2+b8] (5.2.15-2+b13 Debian:12.15/oldstable [amd64])`, without the
 * version in brackets for what comes new.
 */
export const parseSimulation = (text: string): Update[] =>
  [...text.matchAll(/^Inst (\S+) (?:\[(\S+)\] )?\((\S+) /gm)].map(([, name = '', from = null, to = '']) => ({
    name,
    from,
    to,
  }))

/**
 * Reads `check-update` of dnf or yum: name.architecture, version and repository in columns, which yum wraps at the width
 * of a terminal; between them may stand whole sentences. What obsoletes others comes in a list of its own, also
 * where it never gets installed.
 *
 * @param installed lines `installed NAME.ARCHITECTURE VERSION`
 */
export function parseCheckUpdate(text: string, installed: string): Update[] {
  const versions = new Map<string, string[]>()
  for (const [, name = '', version = ''] of installed.matchAll(/^installed (\S+) (\S+)$/gm))
    versions.set(name, [...(versions.get(name) ?? []), version])
  const words = (text.split(/^Obsoleting Packages$/m)[0] ?? '').trim().split(/\s+/)
  return words.flatMap((word, at): Update[] => {
    const [, name] = /^(.+)\.(?:noarch|x86_64|i[3-6]86|aarch64|ppc64le|s390x|riscv64)$/.exec(word) ?? []
    const to = words[at + 1] ?? ''
    if (name === undefined || !/^(\d+:)?[^-\s]+-[^-\s]+$/.test(to)) return []
    const here = versions.get(word) ?? []
    return [{ name, from: here.length === 1 ? (here[0] ?? null) : null, to }]
  })
}
