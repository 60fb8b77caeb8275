import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allStatus, statusExitCode } from '../../../../src/cluster/status/all_status.ts'
import type { HostReport } from '../../../../src/cluster/status/host_report.ts'
import { configOf9, connection, nine, pair, STATES, withoutServer2 } from './hosts.ts'

const told = (reports: readonly HostReport[]): string[] =>
  allStatus(reports, [])
    .drbd.flatMap(({ findings }) => findings)
    .filter(({ text }) => !text.includes('neither fencing nor quorum'))
    .map(({ severity, text }) => `${severity}: ${text}`)

describe('a pair of 8.4, from what its nodes really said', () => {
  test.each([
    ['well', 0, undefined],
    [
      'syncing',
      2,
      'wrong: r0 is being copied from server1 to server2: until that is done, only server1 has all data',
    ],
    ['paused', 2, 'wrong: r0: the sync from server1 to server2 is paused; only server1 has all data'],
    ['detached', 2, 'wrong: r0 on server2 has lost its disk /dev/vdb: it failed, or somebody detached it'],
    ['suspended', 2, 'alarm: r0 is suspended on server1: what reads or writes there hangs'],
    ['down', 2, 'wrong: r0 is not up on server2'],
    ['unloaded', 2, 'wrong: r0 is not up on server2: no drbd module is loaded there'],
    [
      'standalone',
      2,
      `wrong: r0: server1 gave the connection up (StandAlone); server1 has the newer data, and all of the other's
server1: Primary, UpToDate, StandAlone
server2: Secondary, Outdated, Connecting`,
    ],
    [
      'two_primaries',
      2,
      `alarm: SPLIT BRAIN of r0: server1 and server2 each have data that the other does not have
server1: Primary, UpToDate, StandAlone
server2: Primary, UpToDate, Connecting`,
    ],
    [
      'split_brain',
      2,
      `alarm: SPLIT BRAIN of r0: server1 and server2 each have data that the other does not have
server1: Primary, UpToDate, StandAlone
server2: Secondary, UpToDate, StandAlone`,
    ],
    [
      'conf_refused',
      2,
      `wrong: drbdadm on server2 refuses the configuration
drbd.d/r0.res:6: in resource r0, on server2:
	IP 192.168.111.112 not found on this host.`,
    ],
  ])('%s: exit %i', (state, code, first) => {
    expect(told(pair(state))[0]).toBe(first)
    expect(statusExitCode(allStatus(pair(state), []))).toBe(code)
  })

  test('a sync whose end its source has missed is no reason to wait', () => {
    const nothingLeft = (text: string) =>
      text.replaceAll(/(out-of-sync|oos):\d+/g, '$1:0').replaceAll('role:Primary', 'role:Secondary')
    const [source, target] = [pair('syncing', nothingLeft)[0]!, pair('syncing', nothingLeft)[1]!]
    expect(told([source, pair('well', nothingLeft)[1]!])).toEqual([
      'notice: r0 was copied from server1 to server2, and server1 has not taken note of the end of it',
    ])
    // Until the target says so, it is not over.
    expect(told([source, target])[0]).toMatch(/^wrong: r0 is being copied/)
    expect(told([pair('syncing')[0]!, pair('well')[1]!])[0]).toMatch(/^wrong: r0 is being copied/)
  })

  test('split brain comes with what to do, and what is lost by it', () => {
    expect(allStatus(pair('split_brain'), []).drbd[0]?.findings[0]?.next).toMatchInlineSnapshot(`
      "Stop what writes on server1 and server2, look at the data of both, and decide:
      playbooks/heal-split-brain.yml explains, and with -e victim=NODE saves and heals. By hand, one of:
      to LOSE what server1 has: on server1: drbdadm secondary r0; drbdadm connect --discard-my-data r0; then on server2: drbdadm connect r0
      to LOSE what server2 has: on server2: drbdadm connect --discard-my-data r0; then on server1: drbdadm connect r0"
    `)
  })

  test('a node that does not answer', () => {
    const status = withoutServer2('well')
    expect(status.drbd[0]?.findings).toEqual([])
    expect(statusExitCode(status)).toBe(4)
    const [first] = withoutServer2('down').drbd[0]?.findings ?? []
    expect(first?.text).toBe(
      'r0 is not connected to server2, which does not answer over SSH either: what server1 writes stands there alone',
    )
  })

  test('names are those of the inventory', () => {
    const renamed = pair('detached').map((report) => ({
      ...report,
      host: report.host.replace('server', 'db'),
    }))
    expect(told(renamed)[0]).toContain('r0 on db2 has lost its disk')
  })
})

describe('9', () => {
  const pairOf9 = (one: Parameters<typeof nine>[1], two: Parameters<typeof nine>[1] = {}): string[] =>
    told([nine('server1', one), nine('server2', two)])
  const apart = (peer: string, state: string) => [
    connection(
      peer,
      { 'connection-state': state, 'peer-role': 'Unknown' },
      { 'replication-state': 'Off', 'peer-disk-state': 'DUnknown' },
    ),
  ]
  const gi = (current: string, bitmap: string) =>
    `${current}:${bitmap}:0000000000000000:0000000000000000:1:1:0:0:0:1:0:0:0:0`
  const A = 'AAAAAAAAAAAAAAA0'
  const B = 'BBBBBBBBBBBBBBB0'
  const C = 'CCCCCCCCCCCCCCC0'

  test('in step: nothing to say', () => {
    expect(pairOf9({ role: 'Primary' })).toEqual([])
  })

  test.each([
    [
      'the same data',
      gi(A, B),
      gi(A, B),
      'wrong: r0: server1 gave the connection up (StandAlone); their data are the same',
    ],
    [
      'one ahead',
      gi(A, B),
      gi(B, C),
      "wrong: r0: server1 gave the connection up (StandAlone); server1 has the newer data, and all of the other's",
    ],
    [
      'each ahead',
      gi(A, C),
      gi(B, C),
      'alarm: SPLIT BRAIN of r0: server1 and server2 each have data that the other does not have',
    ],
    [
      'who knows',
      '',
      gi(B, C),
      'alarm: SPLIT BRAIN of r0: server1 and server2 may each have data that the other does not have',
    ],
  ])('StandAlone with %s', (_what, one, two, text) => {
    const all = pairOf9(
      { connections: apart('server2', 'StandAlone'), generation: one },
      { connections: apart('server1', 'Connecting'), generation: two },
    )
    expect(all[0]?.split('\n')[0]).toBe(text)
  })

  test('data of two origins are no split brain: no connecting helps', () => {
    const all = pairOf9(
      { connections: apart('server2', 'StandAlone'), generation: gi(A, B) },
      { connections: apart('server1', 'Connecting'), generation: gi(C, 'D'.repeat(16)) },
    )
    expect(all[0]).toMatch(/^alarm: r0: server1 and server2 hold data of two origins/)
  })

  test('a cable that is out is no split brain as long as nobody wrote', () => {
    const all = pairOf9(
      { connections: apart('server2', 'Connecting'), generation: gi(A, B) },
      { connections: apart('server1', 'Connecting'), generation: gi(A, B) },
    )
    expect(all[0]).toMatch(/^wrong: r0: server1 and server2 do not reach each other; their data are the same/)
  })

  test('two primaries that do not see each other are one, whatever their generations say', () => {
    const all = pairOf9(
      { role: 'Primary', connections: apart('server2', 'Connecting'), generation: gi(A, B) },
      { role: 'Primary', connections: apart('server1', 'Connecting'), generation: gi(A, B) },
    )
    expect(all[0]).toMatch(/^alarm: SPLIT BRAIN of r0: server1 and server2 are both primary/)
  })

  test('without quorum', () => {
    const [first] = pairOf9({ quorum: false, suspended: true })
    expect(first).toBe(
      'alarm: r0 has no quorum on server1: nothing can be written there, and what writes to it hangs',
    )
  })

  test('an inconsistent survivor: nothing is to be forced', () => {
    const [only] = allStatus(
      [nine('server1', { disk: 'Inconsistent', connections: apart('server2', 'Connecting') })],
      [{ host: 'server2', address: '10.0.0.2', problem: 'gone' }],
    ).drbd
    expect(only?.findings[0]).toMatchObject({
      severity: 'alarm',
      text: 'r0 has no up-to-date data on server1; if anywhere, they are on server2',
      next: expect.stringContaining('force nothing'),
    })
  })

  test('new, and waiting for its first primary', () => {
    expect(pairOf9({ disk: 'Inconsistent' }, { disk: 'Inconsistent' })[0]).toBe(
      'alarm: r0 has up-to-date data on none of server1, server2',
    )
  })

  test('a tiebreaker has no disk by design', () => {
    const config = configOf9(['server1', 'server2', 'server3'], '<option name="quorum" value="majority"/>')
    const to = (...peers: string[]) => peers.map((peer) => connection(peer))
    const all = told([
      nine('server1', { config, connections: to('server2', 'server3') }),
      nine('server2', { config, connections: to('server1', 'server3') }),
      nine('server3', { config, disk: 'Diskless', connections: to('server1', 'server2') }),
    ])
    expect(all).toEqual([])
  })

  test('blocks that a verify found to differ', () => {
    const differing = [connection('server2', {}, { 'out-of-sync': 128 })]
    expect(pairOf9({ connections: differing })[0]).toBe(
      'wrong: r0: 128 KiB differ between nodes that both count as up to date',
    )
  })

  test('modules: not the same, unable to talk, the old one, and one that waits on the disk', () => {
    expect(pairOf9({}, { module: '9.2.19' })).toEqual([
      'notice: the hosts run different DRBD modules: server1 9.2.16, server2 9.2.19',
    ])
    expect(pairOf9({}, { module: '9.0.19' })[0]).toBe(
      'wrong: the hosts run different DRBD modules: server1 9.2.16, server2 9.0.19, and these can not talk to one another',
    )
    const state84 = 'exists resource name:r0 role:Secondary suspended:no\nexists -\n'
    expect(pairOf9({}, { module: '8.4.11', state: state84 })).toContain(
      'wrong: the hosts run different DRBD modules: server1 9.2.16, server2 8.4.11',
    )
    expect(pairOf9({ installed: 'version 9.2.19\nsrcversion BBBB' })).toEqual([
      'notice: server1 runs DRBD 9.2.16, and has 9.2.19 on its disk',
    ])
    expect(pairOf9({ installed: 'version 9.2.16\nsrcversion BBBB' })).toEqual([
      'notice: server1 runs DRBD 9.2.16, and has another build of it on its disk',
    ])
    expect(pairOf9({ utils: '9.1.0' })).toEqual([
      'wrong: server1: drbd-utils 9.1.0 are too old for DRBD 9.2.16',
      'notice: drbd-utils are not of one version: server1 9.1.0, server2 9.34.0',
    ])
  })

  test('what drbdsetup says is not understood: said, and nothing made up', () => {
    expect(pairOf9({ state: 'Could not connect to generic netlink' })).toEqual([
      'wrong: DRBD 9.2.16 on server1 does not tell how its resources are',
    ])
  })

  test('two pairs that both call theirs r0 are two', () => {
    const elsewhere = configOf9(['server1', 'server2']).replaceAll('10.0.0.', '10.9.9.')
    const { drbd } = allStatus(
      [
        nine('server1'),
        nine('server2'),
        { ...nine('server1', { config: elsewhere }), host: 'other1' },
        { ...nine('server2', { config: elsewhere }), host: 'other2' },
      ],
      [],
    )
    expect(drbd.map(({ hosts }) => hosts.map(({ host }) => host))).toEqual([
      ['other1', 'other2'],
      ['server1', 'server2'],
    ])
  })
})

test('without DRBD there is nothing of it', () => {
  const [one] = pair('well')
  expect(allStatus([{ ...one!, drbd: undefined }], []).drbd).toEqual([])
})

test('whatever two nodes say together: no crash, and an exit code that fits', () => {
  const answer = (host: string) =>
    fc.constantFrom(...STATES.flatMap((state) => pair(state).filter((one) => one.host === host)))
  fc.assert(
    fc.property(answer('server1'), answer('server2'), (one, two) => {
      const status = allStatus([one, two], [])
      const isWrong = status.drbd.some(({ findings }) =>
        findings.some(({ severity }) => severity !== 'notice'),
      )
      expect(statusExitCode(status)).toBe(isWrong ? 2 : 0)
      const disks = [one, two].map((report) => report.drbd?.resources?.[0]?.volumes[0]?.disk)
      if (disks.some((disk) => disk !== 'UpToDate')) expect(isWrong).toBe(true)
    }),
  )
})
