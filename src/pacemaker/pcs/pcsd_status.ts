export type PcsdState = 'online' | 'offline' | 'unauthenticated'

/** Reads `pcs status pcsd` (0.9: `pcs cluster pcsd-status`): `  server2: Unable to authenticate`. */
export function parsePcsdStatus(stdout: string): Map<string, PcsdState> {
  const states = new Map<string, PcsdState>()
  for (const line of stdout.split('\n')) {
    const [, node, said] = /^\s*(\S+): (Online|Offline|Unable to authenticate)/.exec(line) ?? []
    if (node === undefined) continue
    states.set(node, said === 'Online' ? 'online' : said === 'Offline' ? 'offline' : 'unauthenticated')
  }
  return states
}
