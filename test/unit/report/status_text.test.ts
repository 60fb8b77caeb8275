import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allStatus, statusExitCode } from '../../../src/cluster/status/all_status.ts'
import type { Unreachable } from '../../../src/cluster/status/clusters.ts'
import type { HostReport } from '../../../src/cluster/status/host_report.ts'
import { statusText } from '../../../src/report/status_text.ts'
import { painter } from '../../../src/report/style.ts'
import { report, scenario, SCENARIOS, threeNodes } from '../cluster/status/reports.ts'

function shown(reports: readonly HostReport[], unreachable: readonly Unreachable[] = []): string {
  return statusText(allStatus(reports, unreachable), painter(false))
}

describe('the status of a cluster', () => {
  test('that is well', () => {
    const client = { ...report('well', 'server1'), host: 'client', conf: undefined, monitor: undefined }
    expect(shown([...scenario('well'), client])).toMatchInlineSnapshot(`
      "✓ cluster lab: works
        ! stonith-enabled=false: a node that no longer answers is taken for dead, without being made sure of.
            If it lives on behind a broken network, both nodes run the same resources: two holders of one address, or data written on both sides.

        quorum     yes, 2 of 2 votes  2Node, WaitForAll
        DC         server1
        nodes      server1  online
                   server2  online  runs nothing
        resources  vip  ocf:heartbeat:IPaddr2  server1
        fencing    off
        links      all connect
        versions   pacemaker 2.1.5, corosync 3.1.7, pcs 0.11.5

      · without a cluster: client"
    `)
  })

  test('whose brain is split: said first, then how each part sees it', () => {
    expect(shown(scenario('split_brain'))).toMatchInlineSnapshot(`
      "✗ cluster lab: 2 things are wrong
        ✗ SPLIT BRAIN: 2 parts of the cluster have a quorum, and each acts as if the other were dead
            server1: DC server1, with quorum, sees server1
            server2: DC server2, with quorum, sees server2
            vip runs on server1 and server2
            next  Stop writing to what they share. Power all parts off but one, mend the network between them, then let the others join.
        ✗ link 0 between server1 and server2 is disconnected
            next  Look at the network behind link 0: server1 192.168.111.101, server2 192.168.111.102
        ! stonith-enabled=false: a node that no longer answers is taken for dead, without being made sure of.
            If it lives on behind a broken network, both nodes run the same resources: two holders of one address, or data written on both sides.

        as server1 sees it
        quorum     yes, 1 of 2 votes  2Node, WaitForAll
        DC         server1
        nodes      server1  online
                   server2  offline
        resources  vip  ocf:heartbeat:IPaddr2  server1
        fencing    off

        as server2 sees it
        quorum     yes, 1 of 2 votes  2Node, WaitForAll
        DC         server2
        nodes      server1  offline
                   server2  online
        resources  vip  ocf:heartbeat:IPaddr2  server2
        fencing    off

        links      1 broken
        versions   pacemaker 2.1.5, corosync 3.1.7, pcs 0.11.5"
    `)
  })

  test('with a resource that cannot be recovered', () => {
    expect(shown(scenario('broken'))).toMatchInlineSnapshot(`
      "✗ cluster lab: something is wrong
        ✗ vip is blocked on server1: the cluster cannot recover it by itself
            stop on server1: not installed (IPaddr2: No such file or directory), 2026-11-21 03:27:48Z
            next  Mend the cause, then: crm_resource --cleanup --resource vip
        ! stonith-enabled=false: a node that no longer answers is taken for dead, without being made sure of.
            If it lives on behind a broken network, both nodes run the same resources: two holders of one address, or data written on both sides.

        quorum     yes, 2 of 2 votes  2Node, WaitForAll
        DC         server1
        nodes      server1  online
                   server2  online  runs nothing
        resources  vip  ocf:heartbeat:IPaddr2  BLOCKED server1
        fencing    off
        links      all connect
        versions   pacemaker 2.1.5, corosync 3.1.7, pcs 0.11.5"
    `)
  })

  test('with a node that is gone', () => {
    const gone = {
      host: 'server2',
      address: '192.168.111.102',
      problem: 'it does not answer',
      remedy: 'See that the host is up.',
    }
    expect(shown(scenario('unreachable'), [gone])).toMatchInlineSnapshot(`
      "✗ cluster lab: something is wrong
        ✗ server2 is offline, and does not answer over SSH either
            next  See whether server2 has power and network.
        ! stonith-enabled=false: a node that no longer answers is taken for dead, without being made sure of.
            If it lives on behind a broken network, both nodes run the same resources: two holders of one address, or data written on both sides.

        quorum     yes, 1 of 2 votes  2Node, WaitForAll
        DC         server1
        nodes      server1  online
                   server2  offline  could not be asked
        resources  vip  ocf:heartbeat:IPaddr2  server1
        fencing    off
        links      those of the running nodes connect
        versions   pacemaker 2.1.5, corosync 3.1.7, pcs 0.11.5

      ✗ server2 could not be reached: it does not answer
          next  See that the host is up."
    `)
  })

  test('that runs nowhere', () => {
    expect(shown(scenario('stopped'))).toMatchInlineSnapshot(`
      "✗ cluster lab: 3 things are wrong
        ✗ the cluster answers on none of server1, server2
        ✗ server1 is out: corosync is stopped there
            next  on server1: systemctl start pacemaker (it brings corosync up as well)
        ✗ server2 is out: corosync is stopped there
            next  on server2: systemctl start pacemaker (it brings corosync up as well)

        nodes      server1  corosync inactive
                   server2  corosync inactive
        versions   pacemaker 2.1.5, corosync 3.1.7, pcs 0.11.5"
    `)
  })

  test('with groups, clones, roles, a fence device and a ban', () => {
    expect(shown([threeNodes()])).toMatchInlineSnapshot(`
      "✓ cluster vipc: works
        ! cli-ban-vip-on-server2 keeps vip off server2, since somebody moved it
            next  crm_resource --clear --resource vip
        ! stonith-enabled=false: a node that no longer answers is taken for dead, without being made sure of.
            If it lives on behind a broken network, both nodes run the same resources: two holders of one address, or data written on both sides.

        quorum     yes, 3 of 3 votes
        DC         server2
        nodes      server1  online
                   server2  online  not asked
                   server3  online  not asked
        resources  vip      ocf:heartbeat:IPaddr2   server1
                   webgrp   group
                     webip  ocf:heartbeat:IPaddr2   server2
                     web    ocf:pacemaker:Dummy     server2
                   pinger   ocf:pacemaker:ping      server1, server2, server3
                   db       ocf:pacemaker:Stateful  promoted server2; unpromoted server1, server3
                   off      ocf:pacemaker:Dummy     disabled
                   f1       stonith:fence_dummy     server3
        fencing    off
        links      all connect
        versions   pacemaker 2.1.5, corosync 3.1.7, pcs 0.11.5"
    `)
  })

  test('with fencing that has happened', () => {
    const text = shown([threeNodes('pacemaker-2.1.5/crm_mon-fenced.xml')])
    expect(text).toContain('server2 reboot: success, 2026-11-21 02:34:38Z')
  })
})

test('of whatever hosts answer, there is a text, and a cross in it says what the exit code does', () => {
  const answer = (host: string) =>
    fc.constantFrom(...SCENARIOS.flatMap((name) => scenario(name).filter((one) => one.host === host)))
  fc.assert(
    fc.property(answer('server1'), answer('server2'), (one, two) => {
      const code = statusExitCode(allStatus([one, two], []))
      expect(shown([one, two]).includes('✗')).toBe(code === 2)
    }),
  )
})
