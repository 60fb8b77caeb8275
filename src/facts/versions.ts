import type { Facts } from './facts.ts'

/**
 * Versions of the cluster's programs, from lines of three words: `installed pcs 0.11.5-1+deb12u1` (the package
 * database, of which the upstream part is kept), or `program pcs …` followed by what the program printed.
 */
export function parseVersions(lines: readonly string[], drbdModule: string): Facts['versions'] {
  const version = (name: string): string | null => {
    const installed = lines.find((line) => line.startsWith(`installed ${name} `))?.split(' ')[2]
    if (installed !== undefined) return upstream(installed)
    return printed(lines.find((line) => line.startsWith(`program ${name} `)) ?? '')
  }
  return {
    corosync: version('corosync'),
    pacemaker: version('pacemaker'),
    pcs: version('pcs'),
    crmsh: version('crmsh'),
    drbdModule: printed(drbdModule),
    drbdUtils: version('drbd-utils'),
  }
}

/** A package's version without its epoch, the distribution's revision and repacking marks: `1:9.22.0+dfsg-1` → `9.22.0`. */
function upstream(version: string): string {
  return version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+~](?:dfsg|ds|repack|really|git).*$/, '')
}

/** The first thing in a program's output that looks like a version; DRBD's says more than one, its own with a name. */
function printed(text: string): string | null {
  const [, named] = /DRBDADM_VERSION=(\S+)/.exec(text) ?? []
  return named ?? /\d+\.\d[\w.~-]*/.exec(text)?.[0] ?? null
}
