import { describe, expect, test } from 'vitest'
import { allStatus, statusExitCode } from '../../../../src/cluster/status/all_status.ts'
import type { HostReport } from '../../../../src/cluster/status/host_report.ts'
import type { ClusterStatus, ResourceStatus } from '../../../../src/pacemaker/crm_mon.ts'
import { report, scenario, threeNodes } from './reports.ts'

/** All but the warning that no lab is without. */
function told(reports: readonly HostReport[]): string[] {
  return allStatus(reports, [])
    .clusters.flatMap(({ findings }) => findings)
    .filter(({ text }) => !text.startsWith('stonith-enabled=false'))
    .map(({ severity, text }) => `${severity}: ${text}`)
}

function having(change: Partial<ClusterStatus>): HostReport[] {
  const one = threeNodes()
  return [{ ...one, leftBehind: [], warnings: [], monitor: { ...one.monitor!, failures: [], ...change } }]
}

test.each([
  ['well', 0],
  ['standby', 0],
  ['moved', 0],
  ['recovered', 0],
  ['maintenance', 0],
  ['pacemaker_stopped', 2],
  ['joining', 2],
  ['corosync_killed', 2],
  ['broken', 2],
  ['split_brain', 2],
  ['stopped', 2],
  ['alone', 2],
  ['unreachable', 2],
])('%s: exit %i', (name, code) => {
  expect(statusExitCode(allStatus(scenario(name), []))).toBe(code)
})

test('a host that could not be reached is 4 where the clusters are well', () => {
  const missed = [{ host: 'client', address: 'x', problem: 'gone' }]
  expect(statusExitCode(allStatus(scenario('well'), missed))).toBe(4)
  expect(statusExitCode(allStatus(scenario('broken'), missed))).toBe(2)
  expect(statusExitCode(allStatus([], []))).toBe(0)
})

describe('what the hosts say of each other', () => {
  /** A part of the three nodes, as it sees itself. */
  const part = (dc: string, quorate: boolean, ...members: string[]): HostReport => {
    const one = threeNodes()
    const ids = one.conf!.nodes.filter((node) => members.includes(node.name)).map((node) => node.id!)
    return {
      ...one,
      host: dc,
      links: { ...one.links!, nodeId: ids[0]! },
      quorum: {
        ...one.quorum!,
        quorate,
        members: ids.map((id) => ({ id, votes: 1, name: '', local: false })),
      },
      monitor: {
        ...one.monitor!,
        dc,
        quorate,
        nodes: one.monitor!.nodes.map((node) => ({ ...node, online: members.includes(node.name) })),
      },
    }
  }
  const first = (reports: HostReport[]): string => told(reports)[0] ?? ''

  test('two parts with quorum are a split brain, with what runs twice', () => {
    expect(first(scenario('split_brain'))).toMatchInlineSnapshot(`
      "alarm: SPLIT BRAIN: 2 parts of the cluster have a quorum, and each acts as if the other were dead
      server1: DC server1, with quorum, sees server1
      server2: DC server2, with quorum, sees server2
      vip runs on server1 and server2"
    `)
  })

  test('a part without quorum is a split', () => {
    const parts = [part('server1', true, 'server1', 'server2'), part('server3', false, 'server3')]
    expect(first(parts)).toMatchInlineSnapshot(`
      "alarm: THE CLUSTER IS SPLIT: its nodes do not see each other
      server1: DC server1, with quorum, sees server1, server2
      server3: DC server3, without quorum, sees server3"
    `)
    expect(told(parts).filter((text) => text.includes('quorum')).length).toBe(1)
  })

  test('two DCs within one membership are a disagreement', () => {
    const parts = [part('server1', true, 'server1', 'server2'), part('server2', true, 'server1', 'server2')]
    expect(first(parts)).toMatch(/^alarm: THE HOSTS DISAGREE/)
  })

  test('a node that is coming up is no split', () => {
    expect(told(scenario('joining'))).toEqual(['wrong: server2 has not joined: it knows of no DC'])
  })

  test('a part that waits for all nodes says so', () => {
    expect(told(scenario('alone'))[0]).toMatch(/^alarm: no quorum: 1 of 2 votes; after a start all nodes/)
  })
})

describe('nodes', () => {
  const node = threeNodes().monitor!.nodes[2]!
  const nodes = (change: Partial<typeof node>) => [
    ...threeNodes().monitor!.nodes.slice(0, 2),
    { ...node, ...change },
  ]

  test.each([
    [{ online: false }, ['wrong: server3 is offline']],
    [
      { online: false, unclean: true },
      ['wrong: server3 is offline', expect.stringMatching(/^wrong: server3 is unclean/)],
    ],
    [{ pending: true }, ['wrong: server3 has not joined: its pacemaker does not take part yet']],
    [{ standby: true }, ['notice: server3 is in standby: nothing runs there']],
    [{ maintenance: true }, [expect.stringMatching(/^notice: server3 is in maintenance/)]],
  ])('%o', (change, expected) => {
    expect(told(having({ nodes: nodes(change) }))).toEqual(expected)
  })

  test('the daemon that is down is named, before the others know', () => {
    expect(told(scenario('pacemaker_stopped'))).toEqual(['wrong: server2 is out: pacemaker is stopped there'])
    expect(told(scenario('corosync_killed'))).toEqual([
      'wrong: server2 is out: corosync has failed there, which the others do not know yet',
    ])
  })

  test.each([
    [{ monitorExit: 124 }, 'wrong: pacemaker on server2 runs and does not answer in time'],
    [{ monitorExit: 102 }, 'wrong: pacemaker on server2 runs and does not answer (crm_mon ended with 102)'],
    [{ isRoot: false, user: 'deploy' }, 'wrong: server2 does not tell deploy of its cluster'],
  ])('a host that runs and does not answer: %o', (change, expected) => {
    const silent = { ...report('well', 'server2'), monitor: undefined, ...change }
    expect(told([report('well', 'server1'), silent])).toEqual([expected])
  })
})

describe('resources', () => {
  const vip: ResourceStatus = threeNodes().monitor!.resources[0]!
  const off: Partial<ResourceStatus> = { active: false, role: 'Stopped', nodes: [] }

  test.each<[Partial<ResourceStatus>[], string[]]>([
    [[{}], []],
    [[{ active: false, role: 'Stopped', nodes: [], targetRole: 'Stopped' }], []],
    [[off], ['wrong: vip is not running']],
    [[{ ...off, pending: 'Starting' }], ['wrong: vip is starting']],
    [[{ failed: true }], ['wrong: vip failed on server1']],
    [
      [{ failed: true, blocked: true }],
      ['wrong: vip is blocked on server1: the cluster cannot recover it by itself'],
    ],
    [[{ nodes: ['server1', 'server2'] }], ['wrong: vip runs on server1 and server2 at once']],
    [[{ managed: false }], ['notice: vip is not managed: it is left as it is, whatever happens to it']],
    [[{ orphaned: true }], ['notice: vip is no longer configured, and still runs on server1']],
    // A clone has places where it does not run.
    [[{ clone: 'c' }, { clone: 'c', ...off }], []],
    [
      [
        { clone: 'c', ...off },
        { clone: 'c', ...off },
      ],
      ['wrong: vip is not running'],
    ],
    [
      [
        { clone: 'c', role: 'Unpromoted' },
        { clone: 'c', role: 'Unpromoted', nodes: ['server2'] },
      ],
      ['wrong: vip is promoted nowhere'],
    ],
    [[{ clone: 'c', role: 'Unpromoted', targetRole: 'Unpromoted' }], []],
    [
      [
        { clone: 'c', role: 'Promoted' },
        { clone: 'c', role: 'Unpromoted', nodes: ['server2'] },
      ],
      [],
    ],
  ])('%o', (instances, expected) => {
    expect(told(having({ resources: instances.map((change) => ({ ...vip, ...change })) }))).toEqual(expected)
  })

  test('a failure is told with its resource where that does not run, else as a memory', () => {
    expect(told(scenario('broken'))).toMatchInlineSnapshot(`
      [
        "wrong: vip is blocked on server1: the cluster cannot recover it by itself
      stop on server1: not installed (IPaddr2: No such file or directory), 2026-11-21 03:27:48Z",
      ]
    `)
    expect(told(scenario('recovered'))).toMatchInlineSnapshot(`
      [
        "notice: vip failed and was recovered: monitor on server1: not running, 2026-11-21 03:27:10Z",
      ]
    `)
  })

  test('in maintenance, that nothing is managed is said once', () => {
    expect(told(scenario('maintenance'))).toHaveLength(1)
  })
})

describe('fencing', () => {
  const action = { target: 'server2', action: 'reboot', completed: '2026-11-21 02:34:38Z' }

  test.each([
    [[{ ...action, status: 'success' }], []],
    [[{ ...action, status: 'failed' }], ['wrong: fencing of server2 failed (reboot, 2026-11-21 02:34:38Z)']],
    // The newest comes first, and settles what was before.
    [
      [
        { ...action, status: 'success' },
        { ...action, status: 'failed' },
      ],
      [],
    ],
    [
      [{ ...action, status: 'pending', completed: undefined }],
      ['wrong: server2 is being fenced (reboot: pending)'],
    ],
  ])('%o', (fencing, expected) => {
    expect(told(having({ fencing }))).toEqual(expected)
  })

  test('that is on without a device is worth a word', () => {
    const resources = threeNodes().monitor!.resources.filter((one) => !one.agent.startsWith('stonith:'))
    expect(told(having({ fencingEnabled: true, resources }))).toEqual([
      expect.stringMatching(/^notice: fencing is on, and no fence device/),
    ])
  })
})

describe('links', () => {
  const links = (change: Partial<{ state: string; nodeId: number }>): HostReport[] => {
    const [one] = having({})
    const [, other, ...rest] = one!.links!.links
    return [{ ...one!, links: { ...one!.links!, links: [...rest, { ...other!, ...change }] } }]
  }

  test('that do not connect are told once for both ends', () => {
    const [one] = links({ state: 'disconnected' })
    const two = {
      ...one!,
      host: 'server2',
      links: {
        ...one!.links!,
        nodeId: 2,
        links: [{ link: 0, address: '', nodeId: 1, state: 'disconnected' }],
      },
    }
    expect(told([one!, two])).toEqual(['wrong: link 0 between server1 and server2 is disconnected'])
  })

  test('to a node that is not there are no news', () => {
    expect(told(scenario('unreachable'))).toEqual(['wrong: server2 is offline'])
  })
})

describe('configuration', () => {
  const [one, two] = [report('well', 'server1'), report('well', 'server2')]

  test('that differs between nodes', () => {
    const conf = { ...two.conf!, totem: { ...two.conf!.totem, token: '9000' } }
    expect(told([one, { ...two, conf }])).toEqual([
      'wrong: corosync.conf is not the same on server1 and server2',
    ])
  })

  test('versions that differ, pcsd that is down', () => {
    const versions = { ...two.versions, pacemaker: '2.1.6' }
    expect(told([one, { ...two, versions, units: { ...two.units, pcsd: 'failed' } }])).toEqual([
      'notice: pacemaker is not of one version: server1 2.1.5, server2 2.1.6',
      'notice: pcsd is failed on server2: pcs cannot reach it from the other nodes',
    ])
  })

  test('what a move and a fence handler left behind', () => {
    expect(told(scenario('moved'))).toEqual([
      'notice: cli-prefer-vip draws vip to server2, since somebody moved it',
    ])
    const fence = {
      id: 'drbd-fence-by-handler-r0-ms',
      resource: 'ms',
      node: 'server1',
      kind: 'fence' as const,
    }
    expect(told([{ ...one, leftBehind: [fence] }, two])).toEqual([
      'notice: drbd-fence-by-handler-r0-ms keeps ms from being promoted anywhere but on server1',
    ])
  })
})
