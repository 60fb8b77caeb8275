import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adjustSteps } from '../../../src/drbd/adjust.ts'
import { connections } from '../../../src/drbd/connected.ts'
import { firstPrimary } from '../../../src/drbd/first_primary.ts'
import { decideMetadata } from '../../../src/drbd/metadata.ts'
import type { Metadata } from '../../../src/drbd/status/generation.ts'
import type { DrbdNodeReport } from '../../../src/drbd/status/node_report.ts'
import { declared } from './declared.ts'
import { FRESH_NODE, reportsOf } from './world.ts'

/** One of two nodes, as its kernel and its disk have it. */
interface SimNode {
  running: boolean
  up: boolean
  metadata: 'none' | 'just-created' | 'data'
  /** Whether all data are on its disk. */
  complete: boolean
  primary: boolean
  /** How often create-md went over this disk. */
  created: number
}

interface World {
  readonly nodes: readonly [SimNode, SimNode]
  link: boolean
  forced: number
}

const BLANK: SimNode = {
  running: true,
  up: false,
  metadata: 'none',
  complete: false,
  primary: false,
  created: 0,
}
const pair = declared()
const NAMES = pair.nodes.map(({ name }) => name)

/** The controller is no more. */
class Killed extends Error {}
/** The run ends by itself: a node is away, or the answer is a refusal. */
class Ended extends Error {}

/** What the nodes would say now. */
function reports({ nodes, link }: World): DrbdNodeReport[] {
  const connected = link && nodes.every((node) => node.up)
  const syncs = connected && nodes[0].complete !== nodes[1].complete
  return reportsOf(
    pair,
    nodes.map((node) => ({
      ...FRESH_NODE,
      reached: node.running,
      up: node.up,
      role: node.primary ? 'Primary' : 'Secondary',
      disk: node.complete ? 'UpToDate' : 'Inconsistent',
      connection: connected ? 'Connected' : 'Connecting',
      replication: !connected ? 'Off' : syncs ? (node.complete ? 'SyncSource' : 'SyncTarget') : 'Established',
      metadata: node.metadata,
    })),
  )
}

const METADATA: Record<SimNode['metadata'], Metadata> = {
  none: { kind: 'none' },
  'just-created': { kind: 'just-created', nodeId: undefined, format: 'v09' },
  data: {
    kind: 'data',
    nodeId: undefined,
    format: 'v09',
    generation: { current: 'AAAA00000000000A', bitmap: [], history: [] },
  },
}

/** Makes the sign whether a command takes place before the controller dies, and whether it does at all. */
type Act = (effect: () => void) => void

/** What roles/drbd_resource and roles/initial_primary do, in their order, with their decisions. */
function* steps(world: World, at: number, act: Act): Generator<void> {
  const node = world.nodes[at]!
  const there = () => {
    if (!node.running) throw new Ended()
  }
  there()
  const wanted = decideMetadata({
    host: NAMES[at]!,
    device: '/dev/sdb',
    driver: '9',
    nodeId: at,
    maxPeers: 1,
    facts: {
      mounts: [],
      swap: false,
      holders: [],
      partitions: [],
      otherData: false,
      slots: node.metadata === 'none' ? undefined : 1,
      attached: node.up,
      metadata: METADATA[node.metadata],
      content: {
        signatures:
          node.metadata === 'none'
            ? []
            : [{ type: 'drbd', label: undefined, uuid: undefined, version: 'v09' }],
        unreadable: undefined,
      },
    },
    // As an operator leaves it in the inventory.
    consent: new Set([`${NAMES[at]}:/dev/sdb`]),
  })
  yield
  there()
  if (wanted.kind === 'refused') throw new Ended()
  if (wanted.kind === 'make') {
    act(() => {
      node.metadata = 'just-created'
      node.complete = false
      node.created += 1
    })
  }
  yield
  there()
  const dryRun = node.up ? '' : 'drbdsetup new-resource r0'
  const adjust = adjustSteps('r0', { exitCode: 0, stdout: dryRun, stderr: '' }, node.up)
  if (!adjust.ok) throw new Ended()
  if (adjust.steps.length > 0) act(() => (node.up = node.metadata !== 'none'))
}

function begin(world: World, wanted: string, act: Act): void {
  const decide = () => firstPrimary({ resource: pair, reports: reports(world), wanted, how: 'full-sync' })
  const first = decide()
  if (first.kind === 'refused') throw new Ended()
  if (first.kind === 'none') return
  const again = decide()
  if (again.kind !== 'force') throw new Ended()
  const node = world.nodes[NAMES.indexOf(again.on)]!
  act(() => {
    world.forced += 1
    node.metadata = 'data'
    node.complete = true
  })
}

interface Run {
  readonly wanted: string
  /** Which node goes on, at each moment. */
  readonly turns: readonly number[]
  /** After how many acts the controller dies; null: never. */
  readonly killedAt: number | null
  /** Whether the last act still takes place. */
  readonly lands: boolean
}

function carryOut(world: World, { wanted, turns, killedAt, lands }: Run): 'done' | 'ended' | 'killed' {
  let acts = 0
  const act: Act = (effect) => {
    if (acts === killedAt) {
      if (lands) effect()
      throw new Killed()
    }
    acts += 1
    effect()
  }
  try {
    const going = world.nodes.map((_, at) => steps(world, at, act))
    for (let turn = 0; going.length > 0; turn += 1) {
      const at = (turns[turn % turns.length] ?? 0) % going.length
      if (going[at]!.next().done) going.splice(at, 1)
    }
    if (connections(pair, reports(world)).missing.length > 0) return 'ended'
    begin(world, wanted, act)
    return 'done'
  } catch (error) {
    if (error instanceof Killed) return 'killed'
    if (error instanceof Ended) return 'ended'
    throw error
  }
}

/** What happens between two runs. */
const EVENTS: Record<string, (world: World, at: number) => void> = {
  nothing: () => {},
  'the link is lost': (world) => (world.link = false),
  'the link is back': (world) => (world.link = true),
  'a node is lost': ({ nodes }, at) =>
    Object.assign(nodes[at]!, { running: false, up: false, primary: false }),
  // drbd.service brings up what was there before.
  'a node boots': ({ nodes }, at) => {
    const node = nodes[at]!
    Object.assign(node, { running: true, up: node.metadata !== 'none', primary: false })
  },
  'a sync goes on': ({ nodes, link }, at) => {
    if (link && nodes.every((node) => node.up) && nodes.some((node) => node.complete)) {
      nodes[at]!.metadata = 'data'
    }
  },
  'a sync ends': ({ nodes, link }) => {
    if (link && nodes.every((node) => node.up) && nodes.some((node) => node.complete)) {
      for (const node of nodes) Object.assign(node, { complete: true, metadata: 'data' })
    }
  },
  'it is promoted': ({ nodes }, at) => {
    const node = nodes[at]!
    if (node.up && node.complete && !nodes[1 - at]!.primary) node.primary = true
  },
}

const aRun = fc.record({
  wanted: fc.constantFrom(...NAMES),
  turns: fc.array(fc.nat(1), { minLength: 1, maxLength: 8 }),
  killedAt: fc.option(fc.nat(5)),
  lands: fc.boolean(),
})
const anEvent = fc.tuple(fc.constantFrom(...Object.keys(EVENTS)), fc.constantFrom(0, 1))

test('a controller killed at any moment, any number of times: one create-md per disk, one forced primary', () => {
  const seen = { killed: 0, ended: 0, done: 0 }
  fc.assert(
    fc.property(fc.array(fc.tuple(aRun, fc.array(anEvent, { maxLength: 3 })), { maxLength: 8 }), (life) => {
      const world: World = { nodes: [{ ...BLANK }, { ...BLANK }], link: true, forced: 0 }
      for (const [run, events] of life) {
        seen[carryOut(world, run)] += 1
        for (const [event, at] of events) EVENTS[event]!(world, at)
        expect(world.forced).toBeLessThanOrEqual(1)
        for (const node of world.nodes) expect(node.created).toBeLessThanOrEqual(1)
      }
      // All is well again: one more run brings it to its end, and another has nothing to do.
      world.link = true
      for (const at of [0, 1]) EVENTS['a node boots']!(world, at)
      const last: Run = { wanted: 'server1', turns: [0, 1], killedAt: null, lands: false }
      expect(carryOut(world, last)).toBe('done')
      const after = structuredClone(world)
      expect(carryOut(world, last)).toBe('done')
      expect(world).toEqual(after)
      expect(world).toMatchObject({ forced: 1, nodes: [{ created: 1 }, { created: 1 }] })
    }),
    { numRuns: 5000 },
  )
  // The model reaches all of its ends, often.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1000)
})
