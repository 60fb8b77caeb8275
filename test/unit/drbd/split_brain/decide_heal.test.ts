import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideHeal } from '../../../../src/drbd/split_brain/decide_heal.ts'
import type { DrbdResource } from '../../../../src/drbd/resource_schema.ts'
import { declared } from '../declared.ts'
import { healQuestion, id, PAIR, splitPair, splitTrio, TRIO } from './split_world.ts'
import type { SplitNode } from './split_world.ts'

const decide = (world: readonly SplitNode[], victim: string | undefined, resource: DrbdResource = PAIR) =>
  decideHeal(healQuestion(resource, world, victim))

describe('a split brain with a victim that was named', () => {
  test('is healed, step by step', () => {
    expect(decide(splitPair(), 'server2')).toEqual({
      kind: 'heal',
      victim: 'server2',
      survivors: ['server1'],
      overwrites: 'changes',
      steps: [
        { node: 'server2', what: 'drbdadm disconnect r0' },
        { node: 'server2', what: 'drbdadm down r0' },
        { node: 'server2', what: 'save what only this node has' },
        { node: 'server2', what: 'drbdadm connect --discard-my-data r0' },
        { node: 'server1', what: 'drbdadm connect r0' },
      ],
    })
  })

  test('by a victim that is primary, which nobody uses', () => {
    const [survivor, victim] = splitPair()
    const decision = decide([survivor, { ...victim, role: 'Primary' }], 'server2')
    expect(decision).toMatchObject({
      steps: expect.arrayContaining([{ node: 'server2', what: 'drbdadm secondary r0' }]),
    })
  })

  test('where the run before died with it taken down, and the other still tries to connect', () => {
    const [survivor, victim] = splitPair()
    const waiting = { ...survivor, connections: ['', 'Connecting'] }
    expect(decide([waiting, { ...victim, up: false }], 'server2')).toMatchObject({
      kind: 'heal',
      steps: [
        { node: 'server2', what: 'save what only this node has' },
        { node: 'server2', what: 'drbdadm connect --discard-my-data r0' },
      ],
    })
  })

  test('of three, where the other two are one', () => {
    expect(decide(splitTrio(), 'server2', TRIO)).toMatchObject({
      kind: 'heal',
      victim: 'server2',
      survivors: ['server1', 'server3'],
    })
  })

  test('since long ago: then no bitmap counts, and all of the disk is overwritten', () => {
    const [survivor, victim] = splitPair()
    const later = { ...survivor, writes: [...survivor.writes, 'x2'] }
    expect(decide([later, victim], 'server2')).toMatchObject({ kind: 'heal', overwrites: 'all' })
  })
})

type Change = (world: SplitNode[]) => void
const of =
  (at: number, fields: Partial<SplitNode>): Change =>
  (world) =>
    void (world[at] = { ...world[at]!, ...fields })

const refusals: [what: string, change: Change, victim: string | undefined, fact: RegExp, remedy: RegExp][] = [
  [
    'nobody named a victim',
    () => {},
    undefined,
    /nobody said whose data are to be lost/,
    /-e victim=server1[^]*-e victim=server2/,
  ],
  ['a victim that is none of the nodes', () => {}, 'server9', /^it has no data of r0/, /server1 and server2/],
  [
    'the node that runs the service',
    () => {},
    'server1',
    /in use there: mounted on \/srv/,
    /crm_attribute --node server1 --name standby/,
  ],
  [
    'both are mounted',
    of(1, { role: 'Primary', uses: ['mounted on /srv'] }),
    'server2',
    /in use there/,
    /name the other node/,
  ],
  [
    'the cluster runs something there',
    of(1, { uses: ['fs runs there'] }),
    'server2',
    /fs runs there/,
    /crm_attribute --node server2/,
  ],
  [
    'a survivor that does not answer',
    of(0, { reached: false }),
    'server2',
    /could not be reached/,
    /newer data/,
  ],
  [
    'a victim that does not answer',
    of(1, { reached: false }),
    'server2',
    /could not be reached/,
    /newer data/,
  ],
  ['a survivor that is not up', of(0, { up: false }), 'server2', /r0 is not up there/, /drbdadm adjust r0/],
  [
    'a survivor without its disk',
    of(0, { disk: 'Diskless' }),
    'server2',
    /is Diskless, not UpToDate/,
    /name this node as the victim/,
  ],
  [
    'a survivor that is Inconsistent',
    of(0, { disk: 'Inconsistent' }),
    'server2',
    /is Inconsistent/,
    /all data/,
  ],
  ['a survivor that is Outdated', of(0, { disk: 'Outdated' }), 'server2', /is Outdated/, /all data/],
  [
    'a victim without its disk',
    of(1, { disk: 'Diskless' }),
    'server2',
    /no copy whose blocks could be saved/,
    /rebuild-node/,
  ],
  [
    'a victim that is Inconsistent',
    of(1, { disk: 'Inconsistent' }),
    'server2',
    /no copy whose blocks could be saved/,
    /rebuild-node/,
  ],
  ['data of another origin', of(1, { writes: ['q', 'y'] }), 'server2', /of two origins/, /rebuild-node/],
  [
    'data that are only older',
    of(1, { writes: ['a', 'b'] }),
    'server2',
    /no split brain: server1 has all/,
    /rebuild-node/,
  ],
  [
    'data that are only newer',
    of(1, { writes: ['a', 'b', 'x', 'z'] }),
    'server2',
    /no split brain: server2 has all/,
    /rebuild-node/,
  ],
  [
    'a connection cut by hand',
    of(1, { writes: ['a', 'b', 'x'] }),
    'server2',
    /their data are the same/,
    /drbdadm connect r0/,
  ],
  [
    'metadata that are lost',
    of(1, { writes: ['a', 'b'], up: false }),
    'server2',
    /no split brain/,
    /rebuild-node/,
  ],
]

test.for(refusals)('refused: %s', ([, change, victim, fact, remedy]) => {
  const world = splitPair()
  change(world)
  const decision = decide(world, victim)
  expect(decision).toMatchObject({ kind: 'refused' })
  const said = decision as { fact: string; remedy: string }
  expect(said.fact).toMatch(fact)
  expect(`${said.fact} ${said.remedy}`).toMatch(remedy)
})

const refusalsOfThree: [what: string, change: Change, victim: string, fact: RegExp][] = [
  [
    'each went its own way',
    of(2, { writes: ['a', 'b', 'z'], connections: ['StandAlone', 'StandAlone', ''] }),
    'server2',
    /not connected to server3/,
  ],
  [
    'the survivors lost sight of each other',
    (world) => {
      of(0, { connections: ['', 'StandAlone', 'Connecting'] })(world)
      of(2, { connections: ['Connecting', 'StandAlone', ''] })(world)
    },
    'server2',
    /not connected to server/,
  ],
  [
    'a third has the data of the victim',
    (world) => {
      of(0, { connections: ['', 'StandAlone', 'StandAlone'] })(world)
      of(1, { connections: ['StandAlone', '', 'Connected'] })(world)
      of(2, { writes: ['a', 'b', 'y'], connections: ['StandAlone', 'Connected', ''] })(world)
    },
    'server2',
    /not connected to server3/,
  ],
  ['one of those that are one is named', () => {}, 'server3', /not connected to server2/],
  ['one of three does not answer', of(2, { reached: false }), 'server2', /could not be reached/],
]

test.for(refusalsOfThree)('refused, of three: %s', ([, change, victim, fact]) => {
  const world = splitTrio()
  change(world)
  expect(decide(world, victim, TRIO)).toMatchObject({ kind: 'refused', fact: expect.stringMatching(fact) })
})

test('refused: frozen, without quorum, open, reported twice, not at all', () => {
  const question = healQuestion(PAIR, splitPair(), 'server2')
  const [survivor, victim] = question.reports as [(typeof question.reports)[0], (typeof question.reports)[0]]
  const withFirst = (fields: object) => ({
    ...question,
    reports: [{ ...survivor, resource: { ...survivor.resource!, ...fields } }, victim],
  })
  const volume = { ...survivor.resource!.volumes[0]!, quorum: false }
  expect(decideHeal(withFirst({ suspended: true }))).toMatchObject({
    fact: expect.stringContaining('suspended'),
  })
  expect(decideHeal(withFirst({ volumes: [volume] }))).toMatchObject({
    fact: expect.stringContaining('no quorum'),
  })
  const open = {
    ...victim,
    resource: { ...victim.resource!, volumes: [{ ...victim.resource!.volumes[0]!, open: true }] },
  }
  expect(decideHeal({ ...question, reports: [survivor, open] })).toMatchObject({
    node: 'server2',
    fact: expect.stringContaining('has the device open'),
  })
  expect(decideHeal({ ...question, reports: [survivor, victim, victim] })).toMatchObject({
    fact: 'it is reported twice',
  })
  expect(decideHeal({ ...question, reports: [survivor] })).toMatchObject({ fact: 'nothing is known of it' })
  const unread = {
    ...victim,
    disks: [{ volume: 0, metadata: { kind: 'unknown' as const, said: 'busy' }, content: undefined }],
  }
  expect(decideHeal({ ...question, reports: [survivor, unread] })).toMatchObject({
    kind: 'refused',
    isSplit: false,
    fact: expect.stringContaining('not all metadata could be read'),
  })
})

test('refused: one of two volumes is not split, and would go the other way', () => {
  const two = declared({
    volumes: [
      { volume: 0, minor: 0, disks: { server1: '/dev/sdb', server2: '/dev/sdb' } },
      { volume: 1, minor: 1, disks: { server1: '/dev/sdc', server2: '/dev/sdc' } },
    ],
  })
  const question = healQuestion(two, splitPair(), 'server2')
  const [survivor, victim] = question.reports as [(typeof question.reports)[0], (typeof question.reports)[0]]
  const second = (writes: string[]) => {
    const [current = '', ...before] = writes.toReversed().map(id)
    return {
      volume: 1,
      metadata: {
        kind: 'data' as const,
        nodeId: undefined,
        format: undefined,
        generation: { current, bitmap: before.slice(0, 1), history: [] },
      },
      content: undefined,
    }
  }
  const withSecond = (ofSurvivor: string[], ofVictim: string[]) =>
    decideHeal({
      ...question,
      reports: [
        { ...survivor, disks: [survivor.disks[0]!, second(ofSurvivor)] },
        { ...victim, disks: [victim.disks[0]!, second(ofVictim)] },
      ],
    })
  expect(withSecond(['a', 'b'], ['a', 'b', 'y'])).toMatchObject({
    kind: 'refused',
    fact: expect.stringContaining('volume 1 is not split'),
    remedy: expect.stringContaining('drbdadm invalidate r0/1'),
  })
  expect(withSecond(['a', 'b', 'x'], ['a', 'b'])).toMatchObject({ kind: 'heal' })
  expect(withSecond(['a', 'b'], ['a', 'b'])).toMatchObject({ kind: 'heal' })
})

test('nothing is to be healed where all are connected, and a second run has nothing to do', () => {
  const world = splitPair().map((node, at): SplitNode => ({
    ...node,
    writes: ['a', 'b', 'x'],
    connections: at === 0 ? ['', 'Connected'] : ['Connected', ''],
  }))
  for (const victim of [undefined, 'server1', 'server2'])
    expect(decide(world, victim)).toMatchObject({ kind: 'none' })
})

test('a sync to the victim goes on', () => {
  const world = splitPair().map((node, at): SplitNode => ({
    ...node,
    connections: at === 0 ? ['', 'Connected'] : ['Connected', ''],
  }))
  const question = healQuestion(PAIR, world, 'server2')
  const [survivor, victim] = question.reports as [(typeof question.reports)[0], (typeof question.reports)[0]]
  const connections = victim.resource!.connections.map((one) => ({
    ...one,
    volumes: one.volumes.map((volume) => ({ ...volume, replication: 'SyncTarget' })),
  }))
  const target = { ...victim, resource: { ...victim.resource!, connections } }
  expect(decideHeal({ ...question, reports: [survivor, target] })).toMatchObject({ kind: 'syncing' })
})

describe('whatever state two or three nodes are in', () => {
  const isPrefix = (a: readonly string[], b: readonly string[]) => a.every((write, at) => b[at] === write)
  const isSame = (a: readonly string[], b: readonly string[]) => a.length === b.length && isPrefix(a, b)
  const haveSplit = (a: SplitNode, b: SplitNode) =>
    !isPrefix(a.writes, b.writes) && !isPrefix(b.writes, a.writes)

  const WRITES = ['ab', 'abx', 'abx', 'abx', 'aby', 'aby', 'abxz', 'qr'].map((writes) => writes.split(''))
  /** Data that began as one and went on by themselves; what is connected is of one mind. */
  const aNode = (count: number) =>
    fc.record({
      reached: fc.constant(true),
      up: fc.constantFrom(true, true, true, false),
      role: fc.constantFrom('Primary', 'Secondary'),
      disk: fc.constantFrom(
        'UpToDate',
        'UpToDate',
        'UpToDate',
        'UpToDate',
        'Outdated',
        'Consistent',
        'Inconsistent',
        'Diskless',
      ),
      writes: fc.constantFrom(...WRITES),
      connections: fc.array(
        fc.constantFrom('StandAlone', 'Connecting', 'Connected', 'Connected', 'Connected'),
        {
          minLength: count,
          maxLength: count,
        },
      ),
      uses: fc.constantFrom<string[]>([], [], ['mounted on /srv']),
    })
  const aWorld = (count: number) =>
    fc.array(aNode(count), { minLength: count, maxLength: count }).map((nodes) =>
      nodes.map((node, at): SplitNode => ({
        ...node,
        // Both say the same, and nobody is connected with what is split from it.
        connections: nodes.map((other, index) => {
          const isBoth = node.connections[index] === 'Connected' && other.connections[at] === 'Connected'
          if (node.connections[index] !== 'Connected') return node.connections[index]!
          return isBoth && node.up && other.up && isSame(node.writes, other.writes)
            ? 'Connected'
            : 'StandAlone'
        }),
      })),
    )

  test.for([
    { name: 'two', resource: PAIR },
    { name: 'three', resource: TRIO },
  ])(
    'nothing is lost but what only the victim has, on the word of the operator, of $name',
    ({ resource }) => {
      const names = resource.nodes.map(({ name }) => name)
      const seen = { heal: 0, refused: 0, none: 0, syncing: 0 }
      fc.assert(
        fc.property(aWorld(names.length), fc.constantFrom(undefined, ...names), (world, victim) => {
          const decision = decide(world, victim, resource)
          seen[decision.kind] += 1
          const loser = world[names.indexOf(victim ?? '')]
          const others = world.filter((node) => node !== loser)
          const isReady =
            loser !== undefined &&
            loser.uses.length === 0 &&
            (!loser.up || ['UpToDate', 'Outdated', 'Consistent'].includes(loser.disk)) &&
            others.every(
              (node) =>
                node.up &&
                node.disk === 'UpToDate' &&
                haveSplit(loser, node) &&
                node.writes[0] === loser.writes[0],
            ) &&
            others.every((a) =>
              others.every((b) => a === b || a.connections[world.indexOf(b)] === 'Connected'),
            )
          // Both ways: never where one of these fails, and always where none does.
          expect(decision.kind === 'heal', JSON.stringify(decision)).toBe(isReady)
          if (decision.kind !== 'heal') return
          expect(decision.victim).toBe(victim)
          for (const { node, what } of decision.steps)
            if (node !== victim) expect(what).toBe('drbdadm connect r0')
        }),
        { numRuns: 30000 },
      )
      for (const kind of ['heal', 'refused', 'none'] as const) expect(seen[kind], kind).toBeGreaterThan(20)
    },
  )

  test('it is as it was, seen in another order of the nodes', () => {
    fc.assert(
      fc.property(aWorld(2), fc.constantFrom(undefined, 'server1', 'server2'), (world, victim) => {
        const question = healQuestion(PAIR, world, victim)
        const turned = { ...question, reports: question.reports.toReversed() }
        expect(decideHeal(turned)).toEqual(decideHeal(question))
      }),
    )
  })
})
