import type { Address } from './facts.ts'

/** Reads `ip -o addr`: `2: eth0    inet 10.0.0.2/24 brd … scope global eth0`; with a peer, its prefix counts. */
export function parseAddresses(lines: readonly string[]): Address[] {
  return lines.flatMap((line) => {
    const [, name, family, address, ownPrefix, peerPrefix] =
      /^\d+:\s+(\S+?)(?:@\S+)?\s+(inet6?)\s+([0-9a-fA-F:.]+)(?:\/(\d+))?(?:\s+peer\s+[0-9a-fA-F:.]+\/(\d+))?/.exec(
        line,
      ) ?? []
    if (name === undefined || address === undefined || (family !== 'inet' && family !== 'inet6')) return []
    const whole = family === 'inet' ? 32 : 128
    return [{ interface: name, family, address, prefix: Number(ownPrefix ?? peerPrefix ?? whole) }]
  })
}
