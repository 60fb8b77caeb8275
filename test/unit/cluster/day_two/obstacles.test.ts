import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../../../src/cluster/day_two/change.ts'
import { obstaclesTo, stoppingServices } from '../../../../src/cluster/day_two/obstacles.ts'
import type { Foreseen } from '../../../../src/cluster/day_two/obstacles.ts'
import type { PlannedAction } from '../../../../src/pacemaker/crm_simulate.ts'
import { stateOf } from './state.ts'

const STATE = stateOf()
const NODES = ['server1', 'server2', 'server3']
const MOVING = {
  resource: 'vip',
  members: new Set(['vip']),
  from: ['server1'],
  to: 'server3',
  promoted: false,
} as const
const MOVES: PlannedAction = { kind: 'move', resource: 'vip', from: 'server1', to: 'server3' }
const move: Change = { kind: 'move', resource: 'vip', to: 'server3', lifetime: undefined }
const clear: Change = { kind: 'clear', resource: 'vip' }

const to = (change: Change, more: Partial<Foreseen> = {}) =>
  obstaclesTo(change, {
    state: STATE,
    actions: [],
    unsynced: [],
    moving: change.kind === 'move' ? MOVING : undefined,
    ...more,
  })
const textsOf = (change: Change, more: Partial<Foreseen> = {}): string =>
  to(change, more)
    .map(({ text }) => text)
    .join('\n')

describe('a move', () => {
  test('is made where Pacemaker would bring it there', () => {
    expect(to(move, { actions: [MOVES] })).toEqual([])
    const recovered: PlannedAction = { kind: 'start', resource: 'vip', node: 'server3' }
    expect(to(move, { actions: [recovered] })).toEqual([])
  })

  test('is refused where it would stay, or come elsewhere, with what is in the way', () => {
    expect(textsOf(move)).toContain('the cluster would not bring vip to server3')
    expect(textsOf(move, { actions: [{ ...MOVES, to: 'server2' }] })).toContain('to server3')
    const state = stateOf({ bans: [{ id: 'never', resource: 'vip', node: 'server3' }] })
    expect(textsOf(move, { state })).toContain('never keeps vip off server3')
    const away = { moving: { ...MOVING, to: undefined } }
    expect(to(move, { ...away, actions: [{ ...MOVES, to: 'server2' }] })).toEqual([])
    expect(textsOf(move, { ...away, state })).toContain('to another node: never keeps vip off server3')
  })
})

describe('data that are not in step', () => {
  const unsynced = [['server2', 'r0: Inconsistent']] as const
  test('forbid to promote, at a risk that has a name', () => {
    const promote: PlannedAction = { kind: 'promote', resource: 'db', node: 'server1' }
    expect(to(clear, { unsynced, actions: [promote] })).toEqual([
      { text: 'server2: r0: Inconsistent', risk: 'old data' },
    ])
    expect(to(clear, { unsynced })).toEqual([])
  })
  test("keep the node itself in standby, and nobody's else", () => {
    expect(to({ kind: 'unstandby', node: 'server2' }, { unsynced })).toEqual([
      { text: 'server2: r0: Inconsistent', risk: 'old data' },
    ])
    expect(to({ kind: 'unstandby', node: 'server1' }, { unsynced })).toEqual([])
  })
})

describe('of a clone', () => {
  test('an instance that stops where it is not promoted is no outage; the promoted one is, unless another is promoted', () => {
    const stop = (node: string): PlannedAction => ({ kind: 'stop', resource: 'db', node })
    const promote: PlannedAction = { kind: 'promote', resource: 'db', node: 'server3' }
    expect(stoppingServices(STATE.status, [stop('server3')])).toEqual([])
    expect(stoppingServices(STATE.status, [stop('server2')])).toEqual(['db'])
    expect(stoppingServices(STATE.status, [stop('server2'), promote])).toEqual([])
    expect(stoppingServices(STATE.status, [{ kind: 'stop', resource: 'pinger', node: 'server1' }])).toEqual(
      [],
    )
  })
})

test('standby of one that is offline is for its return, and moves nothing', () => {
  const state = stateOf({}, { server1: { online: false } })
  expect(
    to({ kind: 'standby', node: 'server1' }, { state, unsynced: [['server2', 'r0: Connecting']] }),
  ).toEqual([])
})

const place = fc.constantFrom(...NODES)
const action: fc.Arbitrary<PlannedAction> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('start', 'stop', 'restart', 'demote', 'promote'),
    resource: fc.constantFrom('vip', 'web', 'db', 'pinger', 'f1'),
    node: place,
  }),
  fc.record({
    kind: fc.constantFrom('move', 'migrate'),
    resource: fc.constantFrom('vip', 'web'),
    from: place,
    to: place,
  }),
)
const changes: fc.Arbitrary<Change> = fc.oneof(
  place.map((node): Change => ({ kind: 'standby', node })),
  place.map((node): Change => ({ kind: 'unstandby', node })),
  fc.constant(move),
  fc.constant(clear),
  fc.constant<Change>({ kind: 'cleanup', resource: undefined, node: undefined }),
  fc.boolean().map((on): Change => ({ kind: 'maintenance', on, node: undefined, resource: undefined })),
)
const actions = fc.array(action, { maxLength: 6 })

describe('whatever is to be done', () => {
  test('nothing is done without a DC or quorum, or where a node would be fenced, and no risk can be taken there', () => {
    const fence: PlannedAction = { kind: 'fence', node: 'server3', action: 'reboot' }
    const without = [
      { state: stateOf({ dc: undefined }) },
      { state: stateOf({ quorate: false }) },
      { state: STATE, fenced: true },
    ]
    fc.assert(
      fc.property(changes, actions, fc.constantFrom(...without), (change, all, { state, ...more }) => {
        const found = to(change, { state, actions: 'fenced' in more ? [...all, fence] : all })
        expect(found.some(({ risk }) => risk === null)).toBe(true)
      }),
    )
  })

  test('every service that would stop is named, as an outage', () => {
    fc.assert(
      fc.property(changes, actions, (change, all) => {
        const found = to(change, { actions: all })
        for (const id of stoppingServices(STATE.status, all))
          expect(found).toContainEqual({
            text: expect.stringContaining(`${id} would run nowhere`),
            risk: 'outage',
          })
      }),
    )
  })

  test('more that is not in step never takes an obstacle away, and none is said twice', () => {
    const said = fc.array(fc.tuple(place, fc.constantFrom('r0: Inconsistent', 'r1: StandAlone')), {
      maxLength: 4,
    })
    fc.assert(
      fc.property(changes, actions, said, said, (change, all, some, others) => {
        const few = to(change, { actions: all, unsynced: some })
        const many = to(change, { actions: all, unsynced: [...some, ...others] })
        expect(many).toEqual(expect.arrayContaining(few))
        expect(new Set(many.map(({ text }) => text)).size).toBe(many.length)
      }),
    )
  })
})
