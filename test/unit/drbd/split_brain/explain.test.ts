import { expect, test } from 'vitest'
import { explain } from '../../../../src/drbd/split_brain/explain.ts'
import type { FileSystemTimes } from '../../../../src/drbd/split_brain/device_story.ts'
import type { NodeStory } from '../../../../src/drbd/split_brain/explain.ts'
import { kernelStory } from '../../../../src/drbd/split_brain/kernel_log.ts'
import { decideHeal } from '../../../../src/drbd/split_brain/decide_heal.ts'
import type { HealQuestion } from '../../../../src/drbd/split_brain/question.ts'
import { readNode } from '../../../../src/drbd/status/read_node.ts'
import { recordedAnswers } from '../status/recorded.ts'
import { PAIR, splitTrio, healQuestion, TRIO } from './split_world.ts'

const LOGS: Record<string, string> = {
  server1: `2026-11-21T20:01:07+0000 server1 kernel: block drbd0: role( Secondary -> Primary )
2026-11-21T20:10:00+0000 server1 kernel: block drbd1: new current UUID 1111111111111111
2026-11-21T20:12:41+0000 server1 kernel: drbd r0: peer( Secondary -> Unknown ) conn( Connected -> NetworkFailure ) pdsk( UpToDate -> DUnknown )
2026-11-21T20:12:41+0000 server1 kernel: block drbd0: new current UUID 6675DE44F5C17A4F:CE84CDEF2E2E51AF:095369025385C4BB:0000000000000004
2026-11-21T21:30:09+0000 server1 kernel: block drbd0: Split-Brain detected but unresolved, dropping connection!`,
  server2: `[Sat Nov 21 20:12:41 2026] drbd r0: peer( Primary -> Unknown ) conn( Connected -> NetworkFailure ) pdsk( UpToDate -> DUnknown )
[Sat Nov 21 20:13:02 2026] drbd r0: role( Secondary -> Primary ) [auto-promote: mount pid: 911]
[Sat Nov 21 20:13:03 2026] drbd r0/0 drbd0: new current UUID: 5A5B1BEA3FC4D2A2 weak: FFFFFFFFFFFFFFFD
[Sat Nov 21 21:02:55 2026] drbd r0: role( Primary -> Secondary ) [auto-demote]
[Sat Nov 21 21:30:09 2026] drbd r0/0 drbd0 server1: Split-Brain detected but unresolved, dropping connection!`,
}

const story = (node: string, fileSystem?: FileSystemTimes): NodeStory => ({
  kernel: kernelStory(PAIR, LOGS[node] ?? ''),
  fileSystems: new Map(fileSystem === undefined ? [] : [[0, fileSystem]]),
})

/** What the two nodes of a real split brain said. */
function recordedQuestion(driver: string): HealQuestion {
  const reports = PAIR.nodes.map(({ name }) =>
    readNode(PAIR, name, recordedAnswers(driver, 'split-brain', name)),
  )
  return {
    resource: PAIR,
    reports,
    victim: undefined,
    uses: new Map([['server1', ['mounted on /srv', 'fs runs there']]]),
  }
}

test('side by side, 8.4', () => {
  const stories = new Map([
    ['server1', story('server1', { mounted: '2026-11-21 20:01:08', written: '2026-11-21 20:01:08' })],
    ['server2', story('server2', { mounted: '2026-11-21 20:13:03', written: '2026-11-21 21:02:55' })],
  ])
  expect(explain(recordedQuestion('8.4.11'), stories)).toMatchInlineSnapshot(`
    "                         server1                            server2
    now                      Secondary                          Secondary
    connection               StandAlone                         StandAlone
    in use                   mounted on /srv, fs runs there     by nobody
    primary                  2026-11-21 20:01:07, end unknown   2026-11-21 20:13:02 to 21:02:55
    lost sight of a peer     2026-11-21 20:12:41                2026-11-21 20:12:41
    began data of its own    2026-11-21 20:12:41                2026-11-21 20:13:03
    told of the split        2026-11-21 21:30:09                2026-11-21 21:30:09
    disk                     UpToDate                           UpToDate
    changed since the split  4 KiB                              4 KiB
    mounted                  2026-11-21 20:01:08                2026-11-21 20:13:03
    written until, or later  2026-11-21 20:01:08                2026-11-21 21:02:55
    data now                 6675DE44F5C17A4E                   FF361CCE556AA530
    split from               CE84CDEF2E2E51AE                   CE84CDEF2E2E51AE
    before                   095369025385C4BB 0000000000000004  095369025385C4BA 0000000000000004
    in words                 has what server2 has not           has what server1 has not"
  `)
})

test('side by side, 9, where the logs are lost', () => {
  expect(explain(recordedQuestion('9.2.16'), new Map())).toMatchInlineSnapshot(`
    "                         server1                         server2
    now                      Secondary                       Secondary
    connection               StandAlone                      StandAlone
    in use                   mounted on /srv, fs runs there  by nobody
    disk                     UpToDate                        UpToDate
    size                     511.9 MiB                       511.9 MiB
    changed since the split  4 KiB                           4 KiB
    data now                 E0FD0D7172002958                8B1D2210721502C8
    split from               5A5B1BEA3FC4D2A2                5A5B1BEA3FC4D2A2
    before                   -                               D687E2401A278EFE
    in words                 has what server2 has not        has what server1 has not"
  `)
})

test('side by side, three', () => {
  expect(explain(healQuestion(TRIO, splitTrio(), undefined), new Map())).toMatchInlineSnapshot(`
    "                         server1                                      server2                                             server3
    now                      Primary                                      Secondary                                           Secondary
    connection               StandAlone to server2, Connected to server3  StandAlone to server1, StandAlone to server3        Connected to server1, Connecting to server2
    in use                   mounted on /srv                              by nobody                                           by nobody
    disk                     UpToDate                                     UpToDate                                            UpToDate
    size                     511.9 MiB                                    511.9 MiB                                           511.9 MiB
    changed since the split  4 KiB                                        4 KiB                                               4 KiB
    data now                 7800000000000000                             7900000000000000                                    7800000000000000
    split from               6200000000000000                             6200000000000000                                    6200000000000000
    before                   6100000000000000                             6100000000000000                                    6100000000000000
    in words                 has what server2 has not; same as server3    has what server1 has not; has what server3 has not  same as server1; has what server2 has not"
  `)
})

test.for(['8.4.11', '9.2.16'])(
  'a real split brain, %s, is one, and either node can be the victim',
  (driver) => {
    const question = { ...recordedQuestion(driver), uses: new Map() }
    expect(decideHeal(question)).toMatchObject({ kind: 'refused', isSplit: true, node: undefined })
    for (const victim of ['server1', 'server2'])
      expect(decideHeal({ ...question, victim })).toMatchObject({
        kind: 'heal',
        victim,
        overwrites: 'changes',
      })
  },
)

test.for(['8.4.11', '9.2.16'])('%s: healed, connected, or cut by hand is no split', (driver) => {
  for (const state of ['healed', 'synced', 'standalone-by-hand']) {
    const reports = PAIR.nodes.map(({ name }) => readNode(PAIR, name, recordedAnswers(driver, state, name)))
    const decision = decideHeal({ resource: PAIR, reports, victim: 'server2', uses: new Map() })
    expect(decision, state).not.toMatchObject({ kind: 'heal' })
    expect(decision, state).not.toMatchObject({ isSplit: true })
  }
})

test('the kernel log of a node tells when it was primary, and when it went its own way', () => {
  expect(kernelStory(PAIR, LOGS['server1']!)).toEqual({
    promoted: '2026-11-21 20:01:07',
    demoted: undefined,
    disconnected: '2026-11-21 20:12:41',
    newGeneration: '2026-11-21 20:12:41',
    splitBrain: '2026-11-21 21:30:09',
  })
  expect(kernelStory(PAIR, LOGS['server2']!)).toEqual({
    promoted: '2026-11-21 20:13:02',
    demoted: '2026-11-21 21:02:55',
    disconnected: '2026-11-21 20:12:41',
    newGeneration: '2026-11-21 20:13:03',
    splitBrain: '2026-11-21 21:30:09',
  })
  expect(kernelStory(PAIR, '[??] block drbd0: role( Secondary -> Primary )').promoted).toBe(
    'at an unknown time',
  )
})
