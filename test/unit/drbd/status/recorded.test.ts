import { describe, expect, test } from 'vitest'
import { connections } from '../../../../src/drbd/connected.ts'
import { firstPrimary } from '../../../../src/drbd/first_primary.ts'
import { parseAdmStatus } from '../../../../src/drbd/status/adm_text.ts'
import type { DrbdNodeReport } from '../../../../src/drbd/status/node_report.ts'
import { readNode } from '../../../../src/drbd/status/read_node.ts'
import { behind } from '../../../../src/drbd/syncing.ts'
import { declared } from '../declared.ts'
import { recorded, recordedAnswers } from './recorded.ts'

const pair = declared({ driver: '8.4' })
const NODES = ['server1', 'server2'] as const
const reports = (state: string): DrbdNodeReport[] =>
  NODES.map((node) => readNode(pair, node, recordedAnswers('8.4.11', state, node)))
const decide = (state: string) =>
  firstPrimary({ resource: pair, reports: reports(state), wanted: 'server1', how: 'full-sync' })

/** `Secondary Inconsistent just-created, Connected to Secondary Inconsistent Established` */
const inShort = ({ resource, disks: [disk] }: DrbdNodeReport): string => {
  if (resource === undefined) return `down, ${disk?.metadata.kind}`
  const { role, volumes, connections: to } = resource
  const seen = to.map(
    ({ state, peerRole, volumes: [peer] }) =>
      `${state} to ${peerRole} ${peer?.peerDisk} ${peer?.replication}`,
  )
  return `${role} ${volumes.map(({ disk: is }) => is).join(' ')} ${disk?.metadata.kind}, ${seen.join(' ')}`
}

describe('8.4.11, as running nodes say it', () => {
  test.each([
    ['one-created', 'down, just-created', 'down, none', 'refused'],
    [
      'one-up',
      'Secondary Inconsistent just-created, Connecting to Unknown DUnknown Off',
      'down, just-created',
      'refused',
    ],
    [
      'connected',
      'Secondary Inconsistent just-created, Connected to Secondary Inconsistent Established',
      'Secondary Inconsistent just-created, Connected to Secondary Inconsistent Established',
      'force',
    ],
    [
      'forced',
      'Secondary UpToDate data, Connected to Secondary Inconsistent SyncSource',
      'Secondary Inconsistent data, Connected to Secondary UpToDate SyncTarget',
      'none',
    ],
    [
      'synced',
      'Secondary UpToDate data, Connected to Secondary UpToDate Established',
      'Secondary UpToDate data, Connected to Secondary UpToDate Established',
      'none',
    ],
    [
      'standalone-by-hand',
      'Secondary UpToDate data, StandAlone to Unknown DUnknown Off',
      'Secondary UpToDate data, Connecting to Unknown DUnknown Off',
      'refused',
    ],
    [
      'split-brain',
      'Secondary UpToDate data, StandAlone to Unknown DUnknown Off',
      'Secondary UpToDate data, StandAlone to Unknown DUnknown Off',
      'refused',
    ],
    [
      'healed',
      'Secondary UpToDate data, Connected to Secondary UpToDate Established',
      'Secondary UpToDate data, Connected to Secondary UpToDate Established',
      'none',
    ],
  ])('%s', (state, one, two, decision) => {
    expect(reports(state).map(inShort)).toEqual([one, two])
    expect(decide(state).kind).toBe(decision)
  })

  test('what is left of a sync is what the target says', () => {
    const [left, ...rest] = behind(pair, reports('forced'))
    expect(rest).toEqual([])
    expect(left).toMatchObject({ name: 'server2', disk: 'Inconsistent', outOfSync: 487_912 })
    expect(left!.size).toBeGreaterThan(520_000)
    expect(left!.size).toBeLessThan(528_000)
  })

  test('connected or not', () => {
    expect(connections(pair, reports('connected')).missing).toEqual([])
    expect(connections(pair, reports('one-up')).missing).toEqual([
      'server1 is Connecting to server2',
      'server2 does not have r0 up',
    ])
  })

  test('the text of drbdadm status says the same as /proc/drbd', () => {
    for (const state of ['one-up', 'connected', 'synced']) {
      const said = recorded('8.4.11', state, 'server1')['drbdadm status']!.stdout
      const [text] = parseAdmStatus(said, 'server2')
      const { resource } = reports(state)[0]!
      expect(text).toMatchObject({
        role: resource!.role,
        volumes: resource!.volumes.map(({ disk }) => ({ disk })),
        connections: resource!.connections.map(({ peer, state: is, peerRole }) => ({
          peer,
          state: is,
          peerRole,
        })),
      })
    }
  })
})
