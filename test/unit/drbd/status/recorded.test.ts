import { describe, expect, test } from 'vitest'
import { unsynced } from '../../../../src/drbd/unsynced.ts'
import { connections } from '../../../../src/drbd/connected.ts'
import { firstPrimary } from '../../../../src/drbd/first_primary.ts'
import { parseAdmStatus } from '../../../../src/drbd/status/adm_text.ts'
import type { DrbdNodeReport } from '../../../../src/drbd/status/node_report.ts'
import { resourceStates } from '../../../../src/drbd/status/kernel_state.ts'
import { readNode } from '../../../../src/drbd/status/read_node.ts'
import { behind } from '../../../../src/drbd/syncing.ts'
import { declared } from '../declared.ts'
import { recorded, recordedAnswers } from './recorded.ts'

const NODES = ['server1', 'server2'] as const

/** What is made of what the nodes of a pair said. */
const readings = (driver: '8.4.11' | '9.2.16') => {
  const pair = declared(driver === '8.4.11' ? { driver: '8.4' } : {})
  const reports = (state: string): DrbdNodeReport[] =>
    NODES.map((node) => readNode(pair, node, recordedAnswers(driver, state, node)))
  const decide = (state: string) =>
    firstPrimary({ resource: pair, reports: reports(state), wanted: 'server1', how: 'full-sync' })
  return { pair, reports, decide }
}

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

/** State, what each of the two says, and what is decided. */
type Row = [state: string, one: string, two: string, decision: string]

/** The same of both drivers. */
const ALIKE: readonly Row[] = [
  ['one-created', 'down, just-created', 'down, none', 'refused'],
  [
    'connected',
    'Secondary Inconsistent just-created, Connected to Secondary Inconsistent Established',
    'Secondary Inconsistent just-created, Connected to Secondary Inconsistent Established',
    'force',
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
]

describe('8.4.11, as running nodes say it', () => {
  const { pair, reports, decide } = readings('8.4.11')
  test.each<Row>([
    ...ALIKE,
    [
      'one-up',
      'Secondary Inconsistent just-created, Connecting to Unknown DUnknown Off',
      'down, just-created',
      'refused',
    ],
    [
      'forced',
      'Secondary UpToDate data, Connected to Secondary Inconsistent SyncSource',
      'Secondary Inconsistent data, Connected to Secondary UpToDate SyncTarget',
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

describe('9.2.16, as running nodes say it', () => {
  const { pair, reports, decide } = readings('9.2.16')
  test.each<Row>([
    ...ALIKE,
    [
      'one-up',
      'Secondary Inconsistent just-created, Connecting to Unknown DUnknown Off',
      'down, none',
      'refused',
    ],
    [
      'forced',
      'Secondary UpToDate data, Connected to Secondary Inconsistent PausedSyncS',
      'Secondary Inconsistent data, Connected to Secondary UpToDate PausedSyncT',
      'none',
    ],
    [
      'detached',
      'Secondary UpToDate data, Connected to Secondary Diskless Established',
      'Secondary Diskless data, Connected to Secondary UpToDate Established',
      'none',
    ],
  ])('%s', (state, one, two, decision) => {
    expect(reports(state).map(inShort)).toEqual([one, two])
    expect(decide(state).kind).toBe(decision)
  })

  test('what is left of a sync is what the target says', () => {
    expect(behind(pair, reports('forced'))).toEqual([
      { name: 'server2', disk: 'Inconsistent', outOfSync: 524_204, size: 524_236 },
    ])
  })

  test('a disk that was taken away is not in sync, unlike one that is missing by intent', () => {
    const said = (node: string) => unsynced(resourceStates(recordedAnswers('9.2.16', 'detached', node)))
    expect(said('server1')).toEqual(['r0: Established, Diskless on server2'])
    expect(said('server2')).toEqual(['r0: Diskless'])
    expect(unsynced(resourceStates(recordedAnswers('9.2.16', 'synced', 'server1')))).toEqual([])
  })
})
