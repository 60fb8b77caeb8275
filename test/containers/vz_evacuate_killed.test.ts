import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { StartedRun } from '../support/bringup.ts'
import { chance } from '../support/chance.ts'
import { until } from '../support/until.ts'
import { EVERYTHING, treeState, VZ_DEVICE as DEVICE } from '../support/vz_node.ts'
import type { VzNode } from '../support/vz_node.ts'
import { CONSENTS, errorOf, phaseOf, vzPair } from '../support/vz_play.ts'
import type { VzPair } from '../support/vz_play.ts'
import { killController } from './controller_death.ts'

/** How many of the tasks it is killed at the beginning of; all of them with TEST_ALL. KILL_SEED chooses the same again. */
const rounds = process.env['TEST_ALL'] === undefined ? 3 : Number.POSITIVE_INFINITY
const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 1e9))

let lab: Lab
let pair: VzPair
let one: VzNode
let before: string
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['rsync', 'attr', 'acl'] })
  pair = await vzPair(lab)
  one = pair.one
})
afterAll(async () => {
  await pair?.close()
  await lab?.down()
})

async function begin(): Promise<void> {
  await one.fresh(EVERYTHING)
  await pair.two.fresh('mkdir private')
  before = await treeState(one, '/vz')
}

/** The one complete copy, wherever it is now: seen from beside the run, and not by what it has recorded. */
async function oneIsComplete(): Promise<void> {
  const mounted = await one.sh(`mountpoint -q /vz && echo yes || blkid -p -s TYPE -o value ${DEVICE} || true`)
  if (mounted === 'ext4') await one.sh(`mkdir -p /mnt; mount -o ro ${DEVICE} /mnt`)
  const states = [
    ...(mounted === 'yes' ? [await treeState(one, '/vz')] : []),
    ...(mounted === 'ext4' ? [await treeState(one, '/mnt')] : []),
    ...((await one.sh('ls -d /srv/vz/vz 2>/dev/null || true')) === ''
      ? []
      : [await treeState(one, '/srv/vz/vz')]),
  ]
  if (mounted === 'ext4') await one.sh('umount /mnt')
  expect(states.includes(before), `seed ${seed}: none of ${states.length} is complete`).toBe(true)
}

/** What the killed run was at has come to its end, as the next run waits for it. */
const settled = (): Promise<void> =>
  until(
    async () =>
      (await one.sh(
        'flock -n /run/bringup/busy true && flock -n /run/bringup/lock true && echo free || true',
      )) !== '',
  )

const LEFT = 'etc-vz\netc-vz.manifest\nvz\nvz.manifest'

async function toItsEnd(args: readonly string[] = CONSENTS): Promise<void> {
  const evacuated = await pair.run(args)
  expect(evacuated.exitCode, `seed ${seed}: ${evacuated.output}`).toBe(0)
  expect(await phaseOf(one)).toBe('evacuated')
  expect(await treeState(one, '/srv/vz/vz')).toBe(before)
  expect(await one.sh('ls /srv/vz')).toBe(LEFT)
  const again = await pair.run([])
  expect(again.changed, `seed ${seed}: ${again.output}`).toEqual([])
}

async function backToItsEnd(): Promise<void> {
  const restored = await pair.restore()
  expect(restored.exitCode, `seed ${seed}: ${restored.output}`).toBe(0)
  expect(await phaseOf(one)).toBe('restored')
  await one.sh(`mount ${DEVICE} /vz`)
  expect(await treeState(one, '/vz')).toBe(before)
  expect(await one.sh('cat /etc/vz/conf/1.conf; umount /vz')).toBe('ONBOOT=yes')
  expect(await one.sh('ls /srv/vz')).toBe(LEFT)
  expect(await treeState(one, '/srv/vz/vz')).toBe(before)
}

/** Killed as soon as it tells that this task begins, so most often in what the task does first. */
async function killAt(run: StartedRun, task: string, host: string): Promise<void> {
  await run.seen((event) => event.type === 'task_start' && event.host === host && event.task === task)
  await killController(run)
  await settled()
}

const chosen = <T>(all: readonly T[], own: number): T[] => {
  const random = chance(own)
  return all
    .map((one) => ({ one, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, rounds)
    .map(({ one }) => one)
}

const EVACUATING = [
  'package rsync, attr, acl',
  'there is room for /vz in /srv/vz',
  'directory /var/lib/bringup',
  'the evacuation is recorded: copying',
  'directory /srv/vz',
  '/srv/vz keeps all that files have',
  'service vz',
  'service prl-disp',
  'OpenVZ is stopped, and nothing uses /vz',
  'fstab /vz',
  'daemon_reload systemd',
  '/vz is read-only',
  '/vz is copied to /srv/vz, and compared',
  '/etc/vz leads to /vz/etc-vz',
  'mount /vz',
  'the evacuation is recorded: wiping',
  `vz_wipe ${DEVICE}`,
  'the evacuation is recorded: evacuated',
]
const RESTORING = [
  'mount /vz',
  'the copy is whole in /srv/vz',
  'the file system for /vz is empty',
  'the evacuation is recorded: restoring',
  '/vz is restored from /srv/vz, and compared',
  'the evacuation is recorded: restored',
]

describe('a controller that is killed as a task begins', () => {
  test('these are the tasks that there are', async () => {
    await begin()
    const ended = await pair.run()
    const own = ended.events.flatMap((event) =>
      event.type === 'task_start' && event.host === 'server1' ? [event.task] : [],
    )
    expect([...new Set(own.slice(1))]).toEqual(EVACUATING)
  })

  test.each(chosen(EVACUATING, seed))(`${seed}: %s`, async (task) => {
    await begin()
    await killAt(pair.start(), task, 'server1')
    await oneIsComplete()
    await toItsEnd()
  })

  test.each(chosen(RESTORING, seed + 1))(`${seed}, back: %s`, async (task) => {
    await begin()
    await toItsEnd()
    await pair.makeFileSystem()
    await killAt(pair.startRestore(), task, 'server1')
    await oneIsComplete()
    await backToItsEnd()
  })
})

describe('in the middle of what takes long', () => {
  /** rsync that takes seconds for what there is. */
  const slowly = (): Promise<string> =>
    one.sh(
      `printf '#!/bin/sh\\nexec /usr/bin/rsync --bwlimit=200 "$@"\\n' >/usr/local/bin/rsync; chmod +x /usr/local/bin/rsync`,
    )
  const arrives = (folder: string): Promise<void> =>
    until(async () => (await one.sh(`find ${folder} -name '.*.??????' 2>/dev/null || true`)) !== '')

  test('copying: the controller and what it ran die, and half a file is there', async () => {
    await begin()
    await slowly()
    const run = pair.start()
    await arrives('/srv/vz/vz')
    await run.seen((event) => event.type === 'progress' && /^copying \/vz: [\d.]+ %/.test(event.message))
    await killController(run)
    await one.sh('for pid in $(pidof rsync); do kill -9 $pid; done; rm /usr/local/bin/rsync')
    await settled()
    expect(await phaseOf(one)).toBe('copying')
    await oneIsComplete()
    await toItsEnd()
  })

  test('wiping: the signature is gone, and the rest of it is there', async () => {
    await begin()
    await killAt(pair.start(), `vz_wipe ${DEVICE}`, 'server1')
    // A power cut between the two steps of a wipe; what the killed run was at comes to its end by itself.
    await one.sh(`dd if=/dev/urandom of=${DEVICE} bs=1M count=2 conv=notrunc,fsync`)
    await one.sh(`sed -i 's/"evacuated"/"wiping"/' /var/lib/bringup/vz_evacuate.json`)
    await oneIsComplete()
    const without = await pair.run([])
    expect(without.exitCode).toBe(2)
    await toItsEnd()
    expect(await one.sh(`dd if=${DEVICE} bs=1M count=4 | tr -d '\\0' | wc -c`)).toBe('0')
  })

  test('before the wipe: what was put to use again since is not wiped, mounted or not', async () => {
    await begin()
    await one.sh(
      `printf '#!/bin/sh\\ncase $* in *--all*) exit 1;; esac\\nexec /usr/sbin/wipefs "$@"\\n' >/usr/local/sbin/wipefs; chmod +x /usr/local/sbin/wipefs`,
    )
    expect((await pair.run()).exitCode).toBe(2)
    expect(await phaseOf(one)).toBe('wiping')
    await one.sh(`rm /usr/local/sbin/wipefs; mount ${DEVICE} /vz; echo newer >/vz/newer`)
    for (const unmount of ['true', 'umount /vz']) {
      await one.sh(unmount)
      const ended = await pair.run()
      expect(ended.exitCode).toBe(2)
      expect(errorOf(ended)?.message).toContain('/vz of server1 was used again before it was wiped')
    }
    await one.sh(`mount ${DEVICE} /vz`)
    before = await treeState(one, '/vz')
    await one.sh('rm -r /var/lib/bringup /srv/vz')
    await toItsEnd()
  })

  test('the other node: given up, and not unmounted yet', async () => {
    await begin()
    await killAt(pair.start(), 'mount /vz', 'server2')
    await toItsEnd()
  })

  test('restoring: the controller and what it ran die, and half a file is there; then the machine starts anew', async () => {
    await begin()
    await toItsEnd()
    await pair.makeFileSystem()
    await slowly()
    const run = pair.startRestore()
    await arrives('/vz')
    await killController(run)
    await one.sh('for pid in $(pidof rsync); do kill -9 $pid; done; rm /usr/local/bin/rsync')
    await settled()
    expect(await phaseOf(one)).toBe('restoring')
    await oneIsComplete()
    await one.sh('umount /vz')
    await backToItsEnd()
  })
})
