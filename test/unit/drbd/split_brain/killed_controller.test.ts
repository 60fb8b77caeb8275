import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideHeal } from '../../../../src/drbd/split_brain/decide_heal.ts'
import { healQuestion, PAIR } from './split_world.ts'
import type { SplitNode } from './split_world.ts'

/** One of two nodes, as its kernel and its disk have it. */
interface SimNode {
  running: boolean
  up: boolean
  primary: boolean
  mounted: boolean
  /** What is on its disk, write after write. */
  writes: readonly string[]
  /** Whether it tries to connect; one that was refused has given up. */
  tries: boolean
  discards: boolean
  /** From whom it is being overwritten, block after block. */
  target: boolean
  /** What was saved of it, complete and compared. */
  saved: (readonly string[])[]
}

interface World {
  readonly nodes: readonly [SimNode, SimNode]
  link: boolean
  count: number
}

const NAMES = PAIR.nodes.map(({ name }) => name)

/** The controller is no more. */
class Killed extends Error {}
/** The run ends by itself: a refusal, or a node that is away. */
class Ended extends Error {}

const isPrefix = (a: readonly string[], b: readonly string[]): boolean =>
  a.every((write, at) => b[at] === write)
const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && isPrefix(a, b)

/** As the kernels do it when both try and see each other; what a test is about is checked when something is overwritten. */
function handshake(world: World): void {
  const [a, b] = world.nodes
  if (!world.link || ![a, b].every((node) => node.running && node.up && node.tries)) return
  if (a.target || b.target || isSame(a.writes, b.writes)) return
  const overwrite = (target: SimNode, source: SimNode): void => {
    // Nobody writes to what is overwritten, and nothing is lost that nobody saved.
    if (target.primary) throw new Error('a primary is overwritten')
    if (!isPrefix(target.writes, source.writes))
      expect(target.saved.some((saved) => isSame(saved, target.writes))).toBe(true)
    target.target = true
  }
  if (isPrefix(a.writes, b.writes) && !a.primary) return overwrite(a, b)
  if (isPrefix(b.writes, a.writes) && !b.primary) return overwrite(b, a)
  if (a.discards !== b.discards) return a.discards ? overwrite(a, b) : overwrite(b, a)
  // A split brain that nobody has decided.
  for (const node of [a, b]) node.tries = false
}

const isConnected = ({ nodes, link }: World): boolean =>
  link &&
  nodes.every((node) => node.running && node.up && node.tries) &&
  (nodes.some(({ target }) => target) || isSame(nodes[0].writes, nodes[1].writes))

function seen(world: World): SplitNode[] {
  const state = (node: SimNode): string =>
    isConnected(world) ? 'Connected' : node.tries ? 'Connecting' : 'StandAlone'
  return world.nodes.map((node, at) => ({
    reached: node.running,
    up: node.up,
    role: node.primary ? 'Primary' : 'Secondary',
    disk: node.target ? 'Inconsistent' : 'UpToDate',
    // Once it is overwritten it has the generation that it is going to have.
    writes: node.target ? world.nodes[1 - at]!.writes.slice(0, -1) : node.writes,
    connections: at === 0 ? ['', state(node)] : [state(node), ''],
    uses: node.mounted ? ['mounted on /srv'] : [],
  }))
}

/** Makes the sign whether a command takes place before the controller dies, and whether it does at all. */
type Act = (effect: () => void) => void

/** What roles/heal_split_brain does, in its order, with its decision. */
function heal(world: World, victim: string, act: Act): void {
  const decision = decideHeal(healQuestion(PAIR, seen(world), victim))
  if (decision.kind === 'refused') throw new Ended()
  if (decision.kind === 'none') return
  if (decision.kind === 'syncing') return endOfSync(world)
  const node = world.nodes[NAMES.indexOf(victim)]!
  const other = world.nodes[1 - NAMES.indexOf(victim)]!
  if (node.up)
    act(() => {
      if (node.mounted) throw new Ended()
      Object.assign(node, { up: false, primary: false, tries: false, discards: false })
    })
  if (!node.saved.some((saved) => isSame(saved, node.writes))) {
    // Begun, and perhaps never finished: such a folder has no record.
    act(() => {})
    act(() => node.saved.push(node.writes))
  }
  act(() => {
    Object.assign(node, { up: true, tries: true, discards: true })
    handshake(world)
  })
  if (!other.tries)
    act(() => {
      other.tries = true
      handshake(world)
    })
  if (!isConnected(world)) throw new Ended()
  endOfSync(world)
}

/** The script on the victim goes on without the controller, and leaves nothing behind that would discard data later. */
function scriptEnds(world: World): void {
  for (const node of world.nodes)
    if (node.discards && !isConnected(world))
      Object.assign(node, { up: false, tries: false, discards: false })
}

function endOfSync(world: World): void {
  const [a, b] = world.nodes
  if (!isConnected(world)) return
  for (const [target, source] of [
    [a, b],
    [b, a],
  ] as const)
    if (target.target) Object.assign(target, { target: false, discards: false, writes: source.writes })
}

/** What happens between two runs. */
const EVENTS: Record<string, (world: World, at: number) => void> = {
  'the link is lost': (world) => (world.link = false),
  'the link is back': (world) => {
    world.link = true
    handshake(world)
  },
  'a node is lost': ({ nodes }, at) =>
    Object.assign(nodes[at]!, { running: false, up: false, primary: false, mounted: false, discards: false }),
  'a node boots': (world, at) => {
    const node = world.nodes[at]!
    if (!node.running || !node.up)
      Object.assign(node, { running: true, up: true, tries: true, discards: false })
    handshake(world)
  },
  'it is promoted and mounted': (world, at) => {
    const node = world.nodes[at]!
    const isFree = !isConnected(world) || !world.nodes[1 - at]!.primary
    if (node.running && node.up && !node.target && isFree)
      Object.assign(node, { primary: true, mounted: true })
  },
  'it writes': (world, at) => {
    const node = world.nodes[at]!
    if (!node.mounted) return
    world.count += 1
    node.writes = [...node.writes, `w${world.count}`]
    const other = world.nodes[1 - at]!
    if (isConnected(world) && !other.target) other.writes = node.writes
  },
  'it is unmounted': ({ nodes }, at) => Object.assign(nodes[at]!, { primary: false, mounted: false }),
  'a sync ends': endOfSync,
}

interface Life {
  readonly victim: string
  /** After how many acts the controller dies; null: never. */
  readonly killedAt: number | null
  readonly lands: boolean
}

function carryOut(world: World, { victim, killedAt, lands }: Life): 'done' | 'ended' | 'killed' {
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
    heal(world, victim, act)
    return 'done'
  } catch (error) {
    if (error instanceof Killed) return 'killed'
    if (error instanceof Ended) return 'ended'
    throw error
  } finally {
    scriptEnds(world)
  }
}

const SPLIT: Omit<SimNode, 'writes' | 'saved'> = {
  running: true,
  up: true,
  primary: false,
  mounted: false,
  tries: false,
  discards: false,
  target: false,
}

test('a controller killed at any moment, any number of times: nothing is overwritten that nobody saved, and what was saved stays', () => {
  const ends = { killed: 0, ended: 0, done: 0 }
  const aRun = fc.record({
    victim: fc.constantFrom('server2', 'server2', 'server1'),
    killedAt: fc.option(fc.nat(5)),
    lands: fc.boolean(),
  })
  const anEvent = fc.tuple(fc.constantFrom(...Object.keys(EVENTS)), fc.constantFrom(0, 1))
  fc.assert(
    fc.property(fc.array(fc.tuple(aRun, fc.array(anEvent, { maxLength: 4 })), { maxLength: 8 }), (life) => {
      const node = (...writes: string[]): SimNode => ({ ...SPLIT, writes, saved: [] })
      const world: World = { nodes: [node('a', 'b', 'x'), node('a', 'b', 'y')], link: true, count: 0 }
      for (const [run, events] of life) {
        const before = world.nodes.map(({ saved }) => [...saved])
        ends[carryOut(world, run)] += 1
        for (const [event, at] of events) EVENTS[event]!(world, at)
        for (const [at, { saved }] of world.nodes.entries())
          expect(saved.slice(0, before[at]!.length)).toEqual(before[at])
      }
      // All is well again, and nobody uses the victim: one more run brings it to its end, and another has nothing to do.
      for (const at of [0, 1]) {
        EVENTS['it is unmounted']!(world, at)
        EVENTS['a node boots']!(world, at)
      }
      EVENTS['the link is back']!(world, 0)
      EVENTS['a sync ends']!(world, 0)
      const survivor = world.nodes[0].writes
      const isSplit = !isPrefix(world.nodes[1].writes, survivor) && !isPrefix(survivor, world.nodes[1].writes)
      if (!isSplit) return
      const last: Life = { victim: 'server2', killedAt: null, lands: false }
      expect(carryOut(world, last)).toBe('done')
      expect(world.nodes.map(({ writes }) => writes)).toEqual([survivor, survivor])
      const after = structuredClone(world)
      expect(carryOut(world, last)).toBe('done')
      expect(world).toEqual(after)
    }),
    { numRuns: 5000 },
  )
  // The model reaches all of its ends, often.
  for (const count of Object.values(ends)) expect(count).toBeGreaterThan(1000)
})
