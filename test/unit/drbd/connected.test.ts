import { describe, expect, test } from 'vitest'
import { connections, whyUnconnected } from '../../../src/drbd/connected.ts'
import { declared } from './declared.ts'
import { FRESH_NODE, reportsOf } from './world.ts'
import type { ModelNode } from './world.ts'

const pair = declared()
const of = (...world: ModelNode[]) => connections(pair, reportsOf(pair, world))

describe('connected', () => {
  test('all with all', () => expect(of(FRESH_NODE, FRESH_NODE)).toEqual({ missing: [], gaveUp: [] }))
  test('one waits', () =>
    expect(of({ ...FRESH_NODE, connection: 'Connecting' }, FRESH_NODE)).toEqual({
      missing: ['server1 is Connecting to server2'],
      gaveUp: [],
    }))
  test('one has given up', () =>
    expect(
      of({ ...FRESH_NODE, connection: 'Connecting' }, { ...FRESH_NODE, connection: 'StandAlone' }),
    ).toEqual({
      missing: ['server1 is Connecting to server2', 'server2 is StandAlone to server1'],
      gaveUp: ['server2'],
    }))
  test('one is not up', () =>
    expect(of(FRESH_NODE, { ...FRESH_NODE, reached: false }).missing).toEqual([
      'server2 does not have r0 up',
    ]))
})

describe('why not, from the log of the kernel', () => {
  const why = (log: string) => whyUnconnected(pair, log)?.meaning

  test.each([
    ['block drbd0: Split-Brain detected but unresolved, dropping connection!', /^a split brain/],
    ['block drbd0: Unrelated data, aborting!', /data of two origins/],
    ["block drbd0: The peer's disk size is too small! (20000 < 30000 sectors)", /smaller/],
    ['drbd r0 server2: incompatible DRBD dialects: I support 118-123, peer supports 110-117', /no protocol/],
    [
      'drbd r0 server2: incompatible DRBD 9 dialects: I support 118-122, peer supports 110-117',
      /no protocol/,
    ],
    ["drbd r0/0 drbd0: The peer's device size is too small! (8 < 16 sectors); demote me first!", /smaller/],
    ['drbd r0 server2: Peer presented a node_id of 1 instead of 0', /two were swapped/],
    ['drbd r0 server2: incompatible after-sb-0pri settings', /contradict/],
  ])('%s', (line, meaning) => expect(why(`[ 12.5] ${line}`)).toMatch(meaning))

  test('what was before it last worked is over', () => {
    const log = [
      'block drbd0: Split-Brain detected but unresolved, dropping connection!',
      'block drbd0: peer( Unknown -> Secondary ) conn( WFReportParams -> Connected ) pdsk( DUnknown -> UpToDate )',
    ]
    expect(why(log.join('\n'))).toBeUndefined()
    expect(why(log.toReversed().join('\n'))).toMatch(/^a split brain/)
  })

  test("another resource's lines are not its own", () => {
    expect(
      why('block drbd01: Unrelated data, aborting!\nblock drbd10: Unrelated data, aborting!'),
    ).toBeUndefined()
    expect(why('drbd r0.2: incompatible DRBD dialects')).toBeUndefined()
  })
})
