import { execFile } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GAVE_UP, RECONNECT, TOO_LATE, WRONG_WAY } from '../../../../roles/heal_split_brain/reconnect_text.ts'
import { project } from '../../../support/project.ts'

/** What `drbdsetup status --json` prints, shortened; lines are as it prints them. */
const status = (
  peers: readonly (readonly [peer: string, connection: string, ...replications: string[]])[],
): string => `[
{
  "name": "r0",
  "node-id": 1,
  "connections": [
${peers
  .map(
    ([peer, connection, ...replications]) => `    {
      "peer-node-id": 0,
      "name": "${peer}",
      "connection-state": "${connection}", 
      "peer_devices": [
${replications.map((one, volume) => `        {\n          "volume": ${volume},\n          "replication-state": "${one}",\n        }`).join(',\n')} ]
    }`,
  )
  .join(',\n')} ]
}
]
`

interface Ended {
  readonly code: number
  readonly output: string
  /** What drbdadm was asked for, in order. */
  readonly asked: string[]
}

/** Runs the script for DRBD 9 with tools that say what they are to say: one state after the other, the last for ever. */
async function reconnect(
  states: readonly string[],
  { seconds = 60, survivors = 'server1', others = '', failing = 'none' } = {},
): Promise<Ended> {
  const directory = project({
    ...Object.fromEntries(states.map((state, at) => [`state.${at}`, state])),
    asked: '',
    drbdadm: `#!/bin/sh\necho "$*" >>"\${0%/*}/asked"\n[ "$1" != ${failing} ] || exit 10\n`,
    drbdsetup: `#!/bin/sh
cd "\${0%/*}"
set -- $(ls state.* | sort -t . -k 2 -n)
cat "$1"
[ $# = 1 ] || rm "$1"
`,
  })
  for (const tool of ['drbdadm', 'drbdsetup']) chmodSync(join(directory, tool), 0o755)
  writeFileSync(join(directory, 'script'), RECONNECT)
  const args = [join(directory, 'script'), 'r0', '9', '0|1', String(seconds), survivors, others]
  const ended = await new Promise<Omit<Ended, 'asked'>>((resolve) => {
    const env = { ...process.env, PATH: `${directory}:${process.env['PATH']}` }
    const child = execFile('sh', args, { env }, (_error, stdout) =>
      resolve({ code: child.exitCode ?? -1, output: stdout.trim() }),
    )
  })
  return { ...ended, asked: readFileSync(join(directory, 'asked'), 'utf8').trim().split('\n') }
}

const UP = ['new-resource r0', 'new-minor r0', 'new-peer r0', 'new-path r0', 'attach r0']
const DISCARD = 'connect --discard-my-data r0:server1'
const UNDONE = ['disconnect r0', 'down r0']

test('it comes up, discards, and is done once every volume is a target', async () => {
  const ended = await reconnect([
    status([['server1', 'Unconnected', 'Off', 'Off']]),
    status([['server1', 'Connecting', 'Off', 'Off']]),
    status([['server1', 'Connected', 'WFBitMapT', 'Off']]),
    status([['server1', 'Connected', 'SyncTarget', 'WFBitMapT']]),
    status([['server1', 'Connected', 'SyncTarget', 'PausedSyncT']]),
  ])
  expect(ended).toEqual({ code: 0, output: '', asked: [...UP, DISCARD] })
})

test('a volume that is in step is as good as one that takes its data', async () => {
  const ended = await reconnect([status([['server1', 'Connected', 'Established', 'SyncTarget']])])
  expect(ended.code).toBe(0)
})

test.for(['WFBitMapS', 'SyncSource', 'PausedSyncS'])(
  '%s of one volume: it is cut at once',
  async (source) => {
    const ended = await reconnect([
      status([['server1', 'Connecting', 'Off', 'Off']]),
      status([['server1', 'Connected', 'SyncTarget', source]]),
    ])
    expect(ended).toMatchObject({ code: WRONG_WAY, asked: [...UP, DISCARD, ...UNDONE] })
    expect(ended.output).toContain(`Connected ${source}`)
  },
)

test('where the kernel gave up, nothing is left that would discard later', async () => {
  const ended = await reconnect([
    status([['server1', 'Connecting', 'Off']]),
    status([['server1', 'StandAlone', 'Off']]),
  ])
  expect(ended).toMatchObject({ code: GAVE_UP, asked: [...UP, DISCARD, ...UNDONE] })
})

test('the same where nobody answers in time', async () => {
  const ended = await reconnect([status([['server1', 'Connecting', 'Off']])], { seconds: 0 })
  expect(ended).toMatchObject({ code: TOO_LATE, asked: [...UP, DISCARD, ...UNDONE] })
})

test.for(['new-peer', 'attach', 'connect'])(
  'the same where %s fails; nothing comes after it',
  async (failing) => {
    const ended = await reconnect([status([])], { failing })
    expect(ended.code).toBe(10)
    expect(ended.asked.slice(-3).map((line) => line.split(' ')[0])).toEqual([failing, 'disconnect', 'down'])
  },
)

test('of three: both survivors must have it as their target, and what the tiebreaker says is no matter', async () => {
  const tiebreaker = ['server4', 'Connected', 'Established'] as const
  const ended = await reconnect(
    [
      status([tiebreaker, ['server1', 'Connected', 'SyncTarget'], ['server3', 'Connecting', 'Off']]),
      status([tiebreaker, ['server1', 'Connected', 'SyncTarget'], ['server3', 'Connected', 'PausedSyncT']]),
    ],
    { survivors: 'server1 server3', others: 'server4' },
  )
  expect(ended.code).toBe(0)
  expect(ended.asked.slice(UP.length)).toEqual([
    DISCARD,
    'connect --discard-my-data r0:server3',
    'connect r0:server4',
  ])
})
