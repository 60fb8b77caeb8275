import type { DrbdResource } from '../../../../src/drbd/resource_schema.ts'
import { JUST_CREATED } from '../../../../src/drbd/status/generation.ts'
import type { Metadata } from '../../../../src/drbd/status/generation.ts'
import type { ConnectionState, DrbdNodeReport } from '../../../../src/drbd/status/node_report.ts'
import { unreachedNode } from '../../../../src/drbd/status/node_report.ts'
import { handshake } from './kernel.ts'
import type { ModelDisk } from './kernel.ts'

export interface ModelHost {
  running: boolean
  up: boolean
  primary: boolean
  /** Null: blank. */
  disk: ModelDisk | null
  /** As it was some time ago: what a restored image brings back. */
  image: ModelDisk | null
  isUpToDate: boolean
}

/** Nodes of one resource with a volume, their links, and all that was ever written to it. */
export class ClusterModel {
  readonly hosts: ModelHost[]
  readonly #resource: DrbdResource
  /** Pairs that do not reach each other: `0-1`. */
  readonly apart = new Set<string>()
  /** Who gave up whom: `1-0`. */
  readonly alone = new Set<string>()
  /** Whether two nodes look for each other where they are. */
  meets: (a: number, b: number) => boolean = () => true
  /** Pairs that have shaken hands, and not parted since. */
  readonly #joined = new Set<string>()
  #ids = 0
  #writes = 0

  constructor(resource: DrbdResource) {
    this.#resource = resource
    const current = this.newId()
    this.hosts = resource.nodes.map(() => ({
      running: true,
      up: true,
      primary: false,
      disk: {
        current,
        bitmap: new Map(),
        history: [],
        isConsistent: true,
        wasPrimary: false,
        writes: new Set(),
      },
      image: null,
      isUpToDate: true,
    }))
  }

  newId(): string {
    return `${(++this.#ids + 0x1000).toString(16).toUpperCase().padStart(15, 'A')}0`
  }

  pair = (a: number, b: number): string => `${Math.min(a, b)}-${Math.max(a, b)}`
  isUp = (at: number): boolean => this.hosts[at]!.running && this.hosts[at]!.up
  connected(a: number, b: number): boolean {
    const isApart =
      this.apart.has(this.pair(a, b)) || [`${a}-${b}`, `${b}-${a}`].some((one) => this.alone.has(one))
    return a !== b && this.isUp(a) && this.isUp(b) && !isApart && this.meets(a, b)
  }
  peersOf(at: number): number[] {
    return this.hosts.map((_, other) => other).filter((other) => other !== at)
  }

  /** A primary that writes while somebody is away begins a generation. */
  write(at: number): void {
    const host = this.hosts[at]!
    const disk = host.disk
    if (!this.isUp(at) || !host.primary || disk === null || !host.isUpToDate) return
    const present = this.peersOf(at).filter(
      (peer) => this.connected(at, peer) && this.hosts[peer]!.isUpToDate,
    )
    const missing = this.peersOf(at).filter((peer) => !present.includes(peer) && !disk.bitmap.has(peer))
    if (missing.length > 0) {
      const [was, current] = [disk.current, this.newId()]
      for (const one of [at, ...present]) {
        const own = this.hosts[one]!.disk!
        for (const peer of missing) if (peer !== one) own.bitmap.set(peer, was)
        own.current = current
      }
    }
    const write = ++this.#writes
    for (const one of [at, ...present]) this.hosts[one]!.disk!.writes.add(write)
  }

  powerOff(at: number): void {
    const host = this.hosts[at]!
    if (host.disk !== null && host.primary) host.disk.wasPrimary = true
    this.down(at)
    host.running = false
  }

  down(at: number): void {
    Object.assign(this.hosts[at]!, { up: false, primary: false })
    for (const peer of this.peersOf(at)) {
      this.#joined.delete(this.pair(at, peer))
      this.alone.delete(`${at}-${peer}`)
    }
  }

  part(a: number, b: number): void {
    this.apart.add(this.pair(a, b))
    this.#joined.delete(this.pair(a, b))
  }

  /** One of them does not want to see the other any more. */
  leave(at: number, peer: number): void {
    this.alone.add(`${at}-${peer}`)
    this.#joined.delete(this.pair(at, peer))
  }

  promote(at: number): void {
    const host = this.hosts[at]!
    const isElsewhere = this.peersOf(at).some((peer) => this.connected(at, peer) && this.hosts[peer]!.primary)
    if (this.isUp(at) && host.isUpToDate && !isElsewhere) host.primary = true
  }

  /** The kernel's word on each pair that reaches the other; what it copies is copied at once. @returns who was written to */
  connect(): { from: number; to: number }[] {
    const copies: { from: number; to: number }[] = []
    for (const a of this.hosts.keys())
      for (const b of this.hosts.keys()) {
        const [own, peer] = [this.hosts[a]!, this.hosts[b]!]
        if (a >= b || !this.connected(a, b) || own.disk === null || peer.disk === null) continue
        if (this.#joined.has(this.pair(a, b))) continue
        this.#joined.add(this.pair(a, b))
        const verdict = handshake(own.disk, peer.disk, [a, b])
        if (verdict === 'none') continue
        const [from, to] = verdict === 'source' ? [a, b] : [b, a]
        const isRefused =
          !['source', 'target'].includes(verdict) || this.hosts[to]!.primary || !this.hosts[from]!.isUpToDate
        if (isRefused) {
          this.leave(a, b)
          this.leave(b, a)
        } else {
          copies.push({ from, to })
          this.#copy(from, to)
        }
      }
    // With all nodes back, how it went down is of no more account.
    const isWhole = this.hosts.every(
      (host, at) => host.isUpToDate && this.peersOf(at).every((peer) => this.connected(at, peer)),
    )
    if (isWhole) for (const { disk } of this.hosts) disk!.wasPrimary = false
    return copies
  }

  #copy(from: number, to: number): void {
    const [source, target] = [this.hosts[from]!, this.hosts[to]!]
    const counted = source.disk!.bitmap.get(to)
    source.disk!.bitmap.delete(to)
    if (counted !== undefined) source.disk!.history = [counted, ...source.disk!.history].slice(0, 4)
    target.disk = {
      ...source.disk!,
      bitmap: new Map([...source.disk!.bitmap].filter(([peer]) => peer !== to)),
      history: [...source.disk!.history],
      writes: new Set(source.disk!.writes),
      isConsistent: true,
      wasPrimary: false,
    }
    target.isUpToDate = true
  }

  createMetadata(at: number): void {
    this.hosts[at]!.disk = {
      current: JUST_CREATED,
      bitmap: new Map(),
      history: [],
      isConsistent: false,
      wasPrimary: false,
      writes: new Set(),
    }
    this.hosts[at]!.isUpToDate = false
  }

  reports(): DrbdNodeReport[] {
    return this.#resource.nodes.map(({ name, node_id: nodeId }, at) => {
      const host = this.hosts[at]!
      if (!host.running) return unreachedNode(name)
      const connections = this.peersOf(at).map((other): ConnectionState => {
        const sees = this.connected(at, other)
        const gaveUp = this.alone.has(`${at}-${other}`)
        return {
          peer: this.#resource.nodes[other]!.name,
          state: sees ? 'Connected' : gaveUp ? 'StandAlone' : 'Connecting',
          peerRole: sees ? (this.hosts[other]!.primary ? 'Primary' : 'Secondary') : 'Unknown',
          volumes: [
            {
              volume: 0,
              replication: sees ? 'Established' : 'Off',
              peerDisk: sees ? diskState(this.hosts[other]!) : 'DUnknown',
              outOfSync: undefined,
              percentInSync: undefined,
            },
          ],
        }
      })
      return {
        node: name,
        reached: true,
        module: this.#resource.driver === '9' ? '9.2.16' : '8.4.11',
        resource: host.up
          ? {
              name: this.#resource.name,
              role: host.primary ? 'Primary' : 'Secondary',
              suspended: false,
              volumes: [
                {
                  volume: 0,
                  minor: 0,
                  disk: diskState(host),
                  quorum: undefined,
                  open: undefined,
                  size: undefined,
                },
              ],
              connections,
            }
          : undefined,
        disks: [{ volume: 0, content: undefined, metadata: metadataOf(host.disk, nodeId) }],
      }
    })
  }
}

const diskState = ({ disk, isUpToDate }: ModelHost): string =>
  disk === null ? 'Diskless' : isUpToDate ? 'UpToDate' : 'Inconsistent'

function metadataOf(disk: ModelDisk | null, nodeId: number): Metadata {
  if (disk === null) return { kind: 'none' }
  const { current, bitmap, history, wasPrimary } = disk
  if (current === JUST_CREATED) return { kind: 'just-created', nodeId, format: undefined }
  return {
    kind: 'data',
    nodeId,
    format: undefined,
    generation: {
      current,
      bitmap: [...new Set(bitmap.values())],
      history,
      ...(wasPrimary ? { wasPrimary } : {}),
    },
  }
}

export const copyOf = (disk: ModelDisk): ModelDisk => structuredClone(disk)
