import { expect, test } from 'vitest'
import { allStatus } from '../../../src/cluster/status/all_status.ts'
import { statusText } from '../../../src/report/status_text.ts'
import { painter } from '../../../src/report/style.ts'
import { report } from '../cluster/status/reports.ts'
import { nine, pair, withoutServer2 } from '../drbd/health/hosts.ts'

const shown = (state: string): string => statusText(allStatus(pair(state), []), painter(false))

test('a pair in step', () => {
  expect(shown('well')).toMatchInlineSnapshot(`
    "✓ DRBD of server1, server2: all is well

      drbd       r0  quorum off, fencing resource-only
                   server1  Primary    UpToDate  connected
                   server2  Secondary  UpToDate  connected
      versions   drbd 8.4.11, drbd-utils 9.22.0"
  `)
})

test('a pair of which one copies from the other', () => {
  expect(shown('syncing')).toMatchInlineSnapshot(`
    "✗ DRBD of server1, server2: something is wrong
      ✗ r0 is being copied from server1 to server2: until that is done, only server1 has all data
          next  Wait, and keep server1 running. To watch it: bringup status --watch

      drbd       r0  quorum off, fencing resource-only
                   server1  Primary    UpToDate      SyncSource
                   server2  Secondary  Inconsistent  SyncTarget
                   [=...................] server1 → server2: 9.3 %, 1.9 MiB/s, 4 min 2 s left, 464.2 MiB to go
      versions   drbd 8.4.11, drbd-utils 9.22.0"
  `)
})

test('split brain', () => {
  expect(shown('split_brain')).toMatchInlineSnapshot(`
    "✗ DRBD of server1, server2: something is wrong
      ✗ SPLIT BRAIN of r0: server1 and server2 each have data that the other does not have
          server1: Primary, UpToDate, StandAlone
          server2: Secondary, UpToDate, StandAlone
          next  Stop what writes on server1 and server2, look at the data of both, and decide:
                playbooks/heal-split-brain.yml explains, and with -e victim=NODE saves and heals. By hand, one of:
                to LOSE what server1 has: on server1: drbdadm secondary r0; drbdadm connect --discard-my-data r0; then on server2: drbdadm connect r0
                to LOSE what server2 has: on server2: drbdadm connect --discard-my-data r0; then on server1: drbdadm connect r0

      drbd       r0  quorum off, fencing resource-only
                   server1  Primary    UpToDate  StandAlone
                   server2  Secondary  UpToDate  StandAlone
      versions   drbd 8.4.11, drbd-utils 9.22.0"
  `)
})

test('a node that is away', () => {
  expect(statusText(withoutServer2('down'), painter(false))).toMatchInlineSnapshot(`
    "✗ DRBD of server1: something is wrong
      ✗ r0 is not connected to server2, which does not answer over SSH either: what server1 writes stands there alone
          next  See whether server2 has power and network.

      drbd       r0  quorum off, fencing resource-only
                   server1  Primary  UpToDate  Connecting
                   server2  could not be asked
      versions   drbd 8.4.11, drbd-utils 9.22.0

    ✗ server2 could not be reached: it does not answer
        next  See that the host is up."
  `)
})

test('under a cluster: data and resources on one screen, data first', () => {
  const hosts = ['server1', 'server2'].map((host) => ({
    ...report('well', host),
    drbd: nine(host, { quorum: host === 'server1' }).drbd,
  }))
  expect(statusText(allStatus(hosts, []), painter(false))).toMatchInlineSnapshot(`
    "✗ cluster lab: something is wrong
      ✗ r0 has no quorum on server2: nothing can be written there
          next  Bring the missing nodes back, or the links to them. A node that comes alone, without a disk, is not enough.
      ! r0 has neither fencing nor quorum: nodes that lose sight of each other can both write,
          and the data splits in two.
      ! stonith-enabled=false: a node that no longer answers is taken for dead, without being made sure of.
          If it lives on behind a broken network, both nodes run the same resources: two holders of one address, or data written on both sides.

      quorum     yes, 2 of 2 votes  2Node, WaitForAll
      DC         server1
      nodes      server1  online
                 server2  online  runs nothing
      resources  vip  ocf:heartbeat:IPaddr2  server1
      fencing    off
      drbd       r0  quorum off, fencing dont-care
                   server1  Secondary  UpToDate  connected
                   server2  Secondary  UpToDate  connected  NO QUORUM
      links      all connect
      versions   pacemaker 2.1.5, corosync 3.1.7, pcs 0.11.5
                 drbd 9.2.16, no drbd-utils"
  `)
})
