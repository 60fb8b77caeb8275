import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideRejoin } from '../../../../src/drbd/rejoin/decide.ts'
import type { Rejoin } from '../../../../src/drbd/rejoin/decide.ts'
import { declared, PAIR } from '../declared.ts'
import { ClusterModel, copyOf } from './cluster_model.ts'

const GIB = 2 ** 30
/** Beside others a machine may be slow. */
const LONG = { timeout: 120_000 }
const pair = declared()
const old = declared({ driver: '8.4' })
const trio = declared({
  nodes: [...PAIR.nodes, { name: 'server3', node_id: 2, address: '192.168.53.13' }],
  volumes: [
    { volume: 0, minor: 0, disks: { server1: '/dev/sdb', server2: '/dev/sdb', server3: '/dev/sdb' } },
  ],
})

/** What happens to nodes, disks and cables between two runs. */
const EVENTS = {
  writes: (world: ClusterModel, at: number) => world.write(at),
  'is promoted': (world: ClusterModel, at: number) => world.promote(at),
  'is demoted': (world: ClusterModel, at: number) => void (world.hosts[at]!.primary = false),
  'loses power': (world: ClusterModel, at: number) => world.powerOff(at),
  boots: (world: ClusterModel, at: number) => void (world.hosts[at]!.running = true),
  'boots with DRBD': (world: ClusterModel, at: number) => {
    const host = world.hosts[at]!
    if (host.running) return
    Object.assign(host, { running: true, up: host.disk !== null })
    world.connect()
  },
  'is cut off': (world: ClusterModel, at: number) => {
    for (const peer of world.peersOf(at)) world.part(at, peer)
  },
  'is reached again': (world: ClusterModel, at: number) => {
    for (const peer of world.peersOf(at)) world.apart.delete(world.pair(at, peer))
    world.connect()
  },
  'goes down as told': (world: ClusterModel, at: number) => void (world.hosts[at]!.primary || world.down(at)),
  'gets a blank disk': (world: ClusterModel, at: number) => {
    if (!world.hosts[at]!.running) Object.assign(world.hosts[at]!, { disk: null, isUpToDate: false })
  },
  'gets a disk of another resource': (world: ClusterModel, at: number) => {
    if (world.hosts[at]!.running) return
    const disk = {
      current: world.newId(),
      bitmap: new Map(),
      history: [world.newId()],
      writes: new Set<number>(),
    }
    world.hosts[at]!.disk = { ...disk, isConsistent: true, wasPrimary: false }
    world.hosts[at]!.isUpToDate = true
  },
  'is imaged': ({ hosts }: ClusterModel, at: number) => {
    const { disk } = hosts[at]!
    hosts[at]!.image = disk === null ? null : copyOf(disk)
  },
  'is put back to its image': ({ hosts }: ClusterModel, at: number) => {
    const host = hosts[at]!
    const { image } = host
    if (host.running || image === null) return
    // Within a generation nothing tells an image from the disk itself, for DRBD no more than for us.
    const isCurrent = hosts.some(
      ({ disk }) =>
        disk?.current === image.current || [...(disk?.bitmap.values() ?? [])].includes(image.current),
    )
    if (!isCurrent) Object.assign(host, { disk: copyOf(image), isUpToDate: true })
  },
}
type Event = keyof typeof EVENTS

/** One node dies, the next one goes on, and another machine or disk stands in its place. */
const anAccident = fc
  .record({
    at: fc.nat(2),
    before: fc.constantFrom<Event[]>([], ['is promoted', 'writes'], ['is imaged']),
    meanwhile: fc.constantFrom<Event[]>(
      [],
      ['is promoted', 'writes'],
      ['is promoted', 'writes', 'is demoted'],
    ),
    disk: fc.constantFrom<Event[]>(
      [],
      ['gets a blank disk'],
      ['gets a disk of another resource'],
      ['is put back to its image'],
    ),
    after: fc.constantFrom<Event[]>(['boots'], ['boots with DRBD']),
  })
  .map(({ at, before, meanwhile, disk, after }): Step[] => [
    ...before.map((event): Step => [event, at]),
    ['loses power', at],
    ...meanwhile.map((event): Step => [event, at + 1]),
    ...[...disk, ...after].map((event): Step => [event, at]),
  ])

/** A disk of long ago stands there again. */
const anOldImage = fc.nat(2).map((at): Step[] => [
  ['is imaged', at],
  ['loses power', at + 1],
  ['is promoted', at],
  ['writes', at],
  ['boots with DRBD', at + 1],
  ['loses power', at],
  ['is promoted', at + 1],
  ['writes', at + 1],
  ['is put back to its image', at],
  ['boots', at],
])

interface Run {
  /** How many of its acts take place. */
  readonly acts: number
  readonly consents: boolean
}
type Step = readonly [Event | Run, at: number]

const aStep = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...(Object.keys(EVENTS) as Event[])), fc.nat(2))
      .map((one): Step[] => [one]),
  },
  { weight: 2, arbitrary: anAccident },
  { weight: 1, arbitrary: anOldImage },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.record({ acts: fc.integer({ min: 0, max: 2 }), consents: fc.boolean() }), fc.nat(2))
      .map((one): Step[] => [one]),
  },
)

test.each([
  ['two nodes of 9', pair],
  ['two nodes of 8.4', old],
  ['three nodes', trio],
])(
  '%s: whatever happened to them, bringing one back takes nothing from the others',
  LONG,
  (_what, resource) => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 25 }), (steps) => {
        const world = new ClusterModel(resource)
        for (const [step, node] of steps.flat()) {
          const at = node % world.hosts.length
          if (typeof step === 'string') EVENTS[step](world, at)
          else {
            const answer = rejoin(world, at, step)
            const what = answer.kind === 'connect' ? (answer.volumes[0]?.how ?? 'diskless') : answer.kind
            seen.set(what, (seen.get(what) ?? 0) + 1)
          }
        }
      }),
      { numRuns: 8000 },
    )
    // All ways of it happened.
    for (const what of ['nothing', 'blank', 'fresh', 'anew', 'same', 'partial', 'full', 'refused'])
      expect([what, seen.get(what) ?? 0]).toEqual([what, expect.toSatisfy((count: number) => count > 5)])

    function rejoin(world: ClusterModel, at: number, { acts, consents }: Run): Rejoin {
      const target = resource.nodes[at]!.name
      const answer = decideRejoin({
        resource,
        target,
        reports: world.reports(),
        sizes: [{ volume: 0, data: GIB, disk: 2 * GIB }],
        versions: 'equal',
      })
      if (answer.kind !== 'connect') return answer
      const [host] = [world.hosts[at]!]
      const survivors = world.peersOf(at).map((peer) => world.hosts[peer]!)
      const before = survivors.map(({ disk }) => new Set(disk!.writes))
      const own = new Set(host.disk?.writes)
      const [volume] = answer.volumes
      // Never the only copy: every survivor has all of it.
      for (const one of survivors) expect(one).toMatchObject({ running: true, up: true, isUpToDate: true })
      if (acts < 1) return answer
      if (volume?.how === 'anew' && !consents) return answer
      if (volume?.how === 'blank' || volume?.how === 'anew') world.createMetadata(at)
      if (acts < 2) return answer
      host.up = true
      for (const peer of world.peersOf(at)) {
        world.apart.delete(world.pair(at, peer))
        for (const pair of [`${at}-${peer}`, `${peer}-${at}`]) world.alone.delete(pair)
      }
      const copies = world.connect()
      for (const { to } of copies) expect(to).toBe(at)
      for (const [index, one] of survivors.entries()) expect(one.disk!.writes).toEqual(before[index])
      for (const peer of world.peersOf(at)) expect(world.connected(at, peer)).toBe(true)
      expect(host.disk!.writes).toEqual(before[0])
      // What it had itself is with the others, unless an operator gave it away.
      if (volume?.how !== 'anew') expect([...own].filter((write) => !before[0]!.has(write))).toEqual([])
      return answer
    }
  },
)
