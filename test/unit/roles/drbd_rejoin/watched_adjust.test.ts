import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WATCHED_ADJUST, WRONG_WAY } from '../../../../roles/drbd_rejoin/watched_adjust.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'watched-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const peerDevice = (what: string, replication: string, peer = 'server2', volume = 0, name = 'r0') =>
  `${what} peer-device name:${name} peer-node-id:1 conn-name:${peer} volume:${volume} replication:${replication} peer-disk:UpToDate`

interface Kernel {
  /** What `drbdsetup events2` tells first, and once the resource was adjusted. */
  readonly before?: readonly string[]
  readonly after?: readonly string[]
  readonly exists?: boolean
  /** Exit status of `drbdadm adjust`. */
  readonly adjust?: number
}

/** Runs the script with stand-ins for DRBD's tools, which write down what was asked of them. */
function run(
  { before = [], after = [], exists = true, adjust = 0 }: Kernel,
  count = 1,
  shell = 'sh',
  limit = 8,
) {
  const tool = (name: string, text: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\nhere=${folder}\n${text}`)
    chmodSync(join(folder, name), 0o755)
  }
  const says = (lines: readonly string[]) => lines.map((line) => `echo '${line}'\n`).join('')
  tool(
    'drbdsetup',
    `[ "$*" = events2 ] || exit 20
${says(before)}${exists ? "echo 'exists -'" : 'exit 0'}
while [ ! -e "$here/adjusted" ]; do sleep 0.05; done
${says(after)}exec sleep 30`,
  )
  tool(
    'drbdadm',
    `echo "$*" >>"$here/asked"; [ "$1" = adjust ] || exit 0; touch "$here/adjusted"; exit ${adjust}`,
  )
  const [command = '', ...first] = shell.split(' ')
  const { status, stdout } = spawnSync(
    command,
    [...first, '-c', WATCHED_ADJUST, 'sh', 'r0', String(limit), String(count)],
    { encoding: 'utf8', env: { PATH: `${folder}:${process.env['PATH']}` }, timeout: 16_000 },
  )
  const asked = existsSync(join(folder, 'asked'))
    ? readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n')
    : []
  return { status, said: stdout.trim(), asked }
}

describe.each(['sh', 'bash', 'busybox sh'])('%s', (shell) => {
  test('the right way: it is adjusted, and left alone', () => {
    const after = [
      peerDevice('create', 'Off'),
      peerDevice('change', 'WFBitMapT'),
      peerDevice('change', 'SyncTarget'),
    ]
    expect(run({ after }, 1, shell, 12)).toMatchObject({ status: 0, asked: ['adjust r0'], said: '' })
  })

  test.each(['WFBitMapS', 'SyncSource', 'PausedSyncS', 'StartingSyncS', 'Ahead'])(
    'the wrong way is cut at once: %s',
    (replication) => {
      const wrong = peerDevice('change', replication)
      expect(run({ after: [peerDevice('create', 'Off'), wrong] }, 1, shell, 12)).toMatchObject({
        status: WRONG_WAY,
        said: wrong,
        asked: ['adjust r0', 'disconnect r0'],
      })
    },
  )
})

test('also where it turns after it had seemed to be settled, or towards one of several', () => {
  const turns = [peerDevice('change', 'Established'), peerDevice('change', 'WFBitMapS')]
  expect(run({ after: turns }, 1, 'sh', 12).status).toBe(WRONG_WAY)
  const other = [peerDevice('change', 'SyncTarget'), peerDevice('change', 'SyncSource', 'server3')]
  expect(run({ after: other }, 2, 'sh', 12).status).toBe(WRONG_WAY)
})

test('another resource has its own ways', () => {
  const other = [peerDevice('change', 'SyncSource', 'server2', 0, 'r01'), peerDevice('change', 'SyncTarget')]
  expect(run({ after: other }, 1, 'sh', 12)).toMatchObject({ status: 0, asked: ['adjust r0'] })
})

test('what has settled before counts; a source of 8.4 that missed its end does not', () => {
  const before = [peerDevice('exists', 'Established'), peerDevice('exists', 'SyncSource', 'server3')]
  expect(run({ before }, 1, 'sh', 12)).toMatchObject({ status: 0, asked: ['adjust r0'] })
})

test('nobody connects: it gives up listening, and leaves it to others to say so', () => {
  expect(run({ after: [peerDevice('create', 'Off')] })).toMatchObject({ status: 0, asked: ['adjust r0'] })
})

test('a peer that is given up ends it before its time; one that is only created does not', () => {
  const connection = (what: string) =>
    `${what} connection name:r0 peer-node-id:1 conn-name:server2 connection:StandAlone`
  const after = [connection('create'), peerDevice('create', 'Off'), connection('change')]
  // Its own time would be longer than that of the test.
  expect(run({ after }, 1, 'sh', 60)).toMatchObject({ status: 0, asked: ['adjust r0'] })
})

test('what does not adjust is told at once', () => {
  expect(run({ adjust: 10 }, 1, 'sh', 12)).toMatchObject({ status: 10, asked: ['adjust r0'] })
})

test('nothing is brought up where nothing would be heard', () => {
  expect(run({ exists: false })).toMatchObject({ status: 96, asked: [] })
})
