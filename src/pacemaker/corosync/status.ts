/** One link between this node and another. */
export interface LinkState {
  readonly link: number
  /** This node's own address on the link. */
  readonly address: string
  readonly nodeId: number
  /** `localhost` for the node itself, `connected`, `disconnected`, or what else corosync says. */
  readonly state: string
}

/** What `corosync-cfgtool -s` says about this node's links. */
export interface LinkStatus {
  readonly nodeId: number
  readonly transport: string
  readonly links: readonly LinkState[]
  /** Rings of corosync 2, which knows no state per node, with its own words (`ring 0 active with no faults`). */
  readonly rings: readonly { ring: number; address: string; status: string; faulty: boolean }[]
}

/**
 * Reads `corosync-cfgtool -s`: corosync 2 prints rings, corosync 3 links with the state of each node
 * (3.0: `nodeid  1:	link enabled:1	link connected:1`; 3.1: `nodeid:   1:	connected`).
 */
export function parseLinkStatus(stdout: string): LinkStatus {
  const links: LinkState[] = []
  const rings: { ring: number; address: string; status: string; faulty: boolean }[] = []
  let nodeId = 0
  let transport = ''
  let link = -1
  let address = ''
  let isRing = false
  for (const line of stdout.split('\n')) {
    const local = /^Local node ID (\d+)(?:, transport (\S+))?/.exec(line)
    const heading = /^(LINK|RING) ID (\d+)/.exec(line)
    const own = /^\s+(?:addr|id)\s*= (\S+)/.exec(line)
    const node = /^\s+nodeid:?\s+(\d+):\s+(.*\S)/.exec(line)
    const status = /^\s+status\s*= (.*\S)/.exec(line)
    if (local) {
      nodeId = Number(local[1])
      transport = local[2] ?? ''
    } else if (heading) {
      isRing = heading[1] === 'RING'
      link = Number(heading[2])
      address = ''
    } else if (own) {
      address = own[1] ?? ''
    } else if (node) {
      links.push({
        link,
        address,
        nodeId: Number(node[1]),
        state: stateOf(Number(node[1]), nodeId, node[2] ?? ''),
      })
    } else if (status && (isRing || !/^\d+$/.test(status[1] ?? ''))) {
      const said = status[1] ?? ''
      rings.push({ ring: link, address, status: said, faulty: /FAULTY/i.test(said) })
    }
  }
  return { nodeId, transport, links, rings }
}

/** 3.0 prints two flags where 3.1 prints a word. */
function stateOf(node: number, own: number, said: string): string {
  const connected = /link connected:(\d)/.exec(said)
  if (connected === null) return said
  if (node === own) return 'localhost'
  return connected[1] === '1' ? 'connected' : 'disconnected'
}

/** The links that do not connect, in words; empty when all do. */
export function brokenLinks(
  status: LinkStatus,
  nameOf: (id: number) => string = (id) => `node ${id}`,
): string[] {
  const links = status.links
    .filter(({ state }) => state !== 'connected' && state !== 'localhost')
    .map(({ link, address, nodeId, state }) => `link ${link} (${address}) to ${nameOf(nodeId)}: ${state}`)
  const rings = status.rings
    .filter((ring) => ring.faulty)
    .map(({ ring, address, status: said }) => `ring ${ring} (${address}): ${said}`)
  return [...links, ...rings]
}

export interface QuorumStatus {
  readonly quorate: boolean
  readonly expectedVotes: number
  readonly totalVotes: number
  /** How many votes it takes. */
  readonly quorum: number
  /** `2Node`, `Quorate`, `WaitForAll`, … */
  readonly flags: readonly string[]
  readonly members: readonly { id: number; votes: number; name: string; local: boolean }[]
}

/** Reads `corosync-quorumtool -s`, which exits 2 when there is no quorum (corosync 3) and prints the same. */
export function parseQuorumStatus(stdout: string): QuorumStatus {
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(stdout)?.[1]?.trim() ?? ''
  const table = stdout.split(/^Membership information$/m)[1] ?? ''
  const members = [
    ...table.matchAll(/^\s*(\d+)\s+(\d+)\s+(?:(?:A|NA),\S+\s+|NR\s+)?(\S+)( \(local\))?\s*$/gm),
  ].map(([, id, votes, name = '', local]) => ({
    id: Number(id),
    votes: Number(votes),
    name,
    local: local !== undefined,
  }))
  return {
    quorate: field('Quorate') === 'Yes',
    expectedVotes: Number(field('Expected votes')),
    totalVotes: Number(field('Total votes')),
    quorum: Number(/^Quorum:\s*(\d+)/m.exec(stdout)?.[1] ?? Number.NaN),
    flags: field('Flags').split(/\s+/).filter(Boolean),
    members,
  }
}
