import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { RunResult } from '../support/bringup.ts'
import { treeState, VZ_DEVICE as DEVICE } from '../support/vz_node.ts'
import type { VzNode } from '../support/vz_node.ts'
import { CONSENTS, errorOf, phaseOf, vzPair } from '../support/vz_play.ts'
import type { VzPair } from '../support/vz_play.ts'

let lab: Lab
let pair: VzPair
let one: VzNode
let two: VzNode
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['rsync', 'attr', 'acl'] })
  pair = await vzPair(lab)
  ;({ one, two } = pair)
})
afterAll(async () => {
  await pair?.close()
  await lab?.down()
})

/** Bytes that are free where the copy is to be. */
const FREE = `df -P -B1 /srv | awk 'END { print $4 }'`
const CONTAINERS = `mkdir -p private/1 root/1; echo one >private/1/file; ln private/1/file private/1/link; head -c 3000000 /dev/urandom >private/1/root.hdd`

let before: string
beforeEach(async () => {
  await one.fresh(CONTAINERS)
  await two.fresh('mkdir private')
  before = await treeState(one, '/vz')
})
afterEach(() =>
  one.sh(`rm -rf /usr/local/bin/rsync /usr/sbin/vzlist /etc/systemd/system/vz.service.d
    systemctl stop busy 2>/dev/null; systemctl daemon-reload`),
)

const running = (): Promise<string> =>
  one.sh('systemctl is-active vz prl-disp; systemctl is-enabled vz; true')
const RUNS = 'active\nactive\nenabled'

/** @returns how the run ended, after which the one complete copy was seen to be as before */
async function stopped(args: readonly string[] = CONSENTS, evacuation = {}): Promise<RunResult> {
  const ended = await pair.run(args, evacuation)
  expect(ended.exitCode, ended.output).toBe(2)
  expect(await treeState(one, '/vz')).toBe(before)
  return ended
}

/** What stopped it is over: the next run goes on, and comes to its end. */
async function goesOn(evacuation = {}): Promise<void> {
  const ended = await pair.run(CONSENTS, evacuation)
  expect(ended.exitCode, ended.output).toBe(0)
  expect(await phaseOf(one)).toBe('evacuated')
  expect(await treeState(one, '/srv/vz/vz')).toBe(before)
}

describe('before anything is changed', () => {
  test('without consent for both devices', async () => {
    for (const args of [[], ['--check'], CONSENTS.slice(0, 2)]) {
      const ended = await stopped(args)
      expect(ended.changed).toEqual([])
      const error = errorOf(ended)
      expect(error).toMatchObject({ code: 'DESTROY_NEEDS_CONSENT' })
      expect(error?.seen).toContain('mounted on /vz')
      expect(error?.seen).toMatch(/ext4, UUID/)
      expect(error?.remedy).toContain(`--destroy server2:${DEVICE}`)
    }
    expect(await running()).toBe(RUNS)
  })

  test('a check with consent tells all of it', async () => {
    const ended = await pair.run([...CONSENTS, '--check'])
    expect(ended.exitCode, ended.output).toBe(0)
    expect(ended.changed).toContain('server1 /vz is copied to /srv/vz, and compared')
    expect(ended.changed).toContain(`server1 vz_wipe ${DEVICE}`)
    expect(ended.changed).toContain(`server2 vz_wipe ${DEVICE}`)
    expect(await treeState(one, '/vz')).toBe(before)
    expect(await one.sh('ls -A /srv; ls /var/lib/bringup 2>/dev/null || true')).toBe('lost+found')
    expect(await running()).toBe(RUNS)
  })

  test('a standby whose /vz is not empty; with it expendable it goes', async () => {
    await two.sh('echo mine >/vz/private/file')
    const ended = await stopped()
    expect(errorOf(ended)).toMatchObject({ code: 'REFUSED' })
    expect(errorOf(ended)?.message).toContain('/vz of server2 is not empty, and is not the one that is kept')
    expect(errorOf(ended)?.seen).toContain('5 bytes  /vz/private/file')
    expect(errorOf(ended)?.remedy).toContain('evacuation.expendable: [server2]')
    expect(await two.sh('cat /vz/private/file')).toBe('mine')
    expect(await running()).toBe(RUNS)
    await goesOn({ expendable: ['server2'] })
  })

  test('a disk with an unexpected signature', async () => {
    await two.sh(`umount /vz; wipefs -qa ${DEVICE}; mkswap ${DEVICE}`)
    const ended = await stopped(CONSENTS.slice(0, 2))
    expect(errorOf(ended)?.code).toBe('DESTROY_NEEDS_CONSENT')
    expect(errorOf(ended)?.seen).toContain('swap, UUID')
    await one.sh('umount /vz; mount -t tmpfs tmpfs /vz')
    const mine = await pair.run()
    expect(mine.exitCode).toBe(2)
    expect(errorOf(mine)?.message).toContain(`/vz of server1 is on tmpfs, and not on ${DEVICE}`)
    await one.sh('umount /vz; mount /vz')
    expect(await treeState(one, '/vz')).toBe(before)
    expect(await running()).toBe(RUNS)
  })

  test('no room for the copy', async () => {
    await one.sh(`fallocate -l $(($(${FREE}) - 2000000)) /srv/full`)
    const ended = await stopped()
    expect(errorOf(ended)).toMatchObject({ code: 'REFUSED', message: '/srv/vz has not enough room for /vz' })
    expect(await running()).toBe(RUNS)
    expect(await phaseOf(one)).toBeUndefined()
    await one.sh('rm /srv/full')
    await goesOn()
  })

  test('a folder of somebody else', async () => {
    await one.sh('mkdir /srv/vz; echo mine >/srv/vz/file')
    const ended = await stopped()
    expect(errorOf(ended)?.message).toBe('/srv/vz is there already, and is not of this evacuation')
    expect(await one.sh('cat /srv/vz/file')).toBe('mine')
    expect(await running()).toBe(RUNS)
  })

  test('a place on the same file system, or in memory', async () => {
    await one.sh('mount --bind /vz /mnt')
    expect((await stopped(CONSENTS, { to: '/mnt/vz' })).exitCode).toBe(2)
    await one.sh('umount /mnt')
    const ended = await stopped(CONSENTS, { to: '/run/vz' })
    expect(errorOf(ended)).toMatchObject({
      message: '/run/vz is no place for the only copy of /vz',
      seen: 'tmpfs',
    })
    expect(await running()).toBe(RUNS)
  })
})

describe('before the copy is taken for one', () => {
  test('a container that will not stop is named', async () => {
    await one.sh(
      `printf '#!/bin/sh\\n# stand-in\\necho "  7b049aeb-0bf4-4726 test1"\\n' >/usr/sbin/vzlist; chmod +x /usr/sbin/vzlist`,
    )
    const ended = await stopped()
    expect(errorOf(ended)).toMatchObject({ code: 'BUSY' })
    expect(errorOf(ended)?.seen).toMatch(/container: +7b049aeb-0bf4-4726 test1/)
    expect(await one.sh('ls -A /srv/vz')).toBe('')
    await one.sh('rm /usr/sbin/vzlist')
    await goesOn()
  })

  test.each([
    ['a file open for writing', 'exec 3>>/vz/private/1/file; exec sleep 6101'],
    ['a shell that works there', 'cd /vz/private; exec sleep 6101'],
  ])('%s is named', async (_, script) => {
    await one.sh(`systemd-run --unit busy sh -c '${script}'
      until [ "$(cat /proc/$(systemctl show -p MainPID --value busy)/comm)" = sleep ]; do sleep 0.05; done`)
    const ended = await stopped()
    expect(errorOf(ended)).toMatchObject({ code: 'BUSY' })
    expect(errorOf(ended)?.seen).toMatch(/sleep 6101 , process \d+/)
    expect(await one.sh('ls -A /srv/vz')).toBe('')
    await one.sh('systemctl stop busy')
    await goesOn()
  })

  test('a container that runs, with a part of /vz mounted in it, is no other use of the disk: it is stopped', async () => {
    await one.sh(`mount --bind /vz/private /vz/root/1; mkdir -p /etc/systemd/system/vz.service.d
      printf '[Service]\\nExecStop=/bin/umount /vz/root/1\\n' >/etc/systemd/system/vz.service.d/stops.conf; systemctl daemon-reload`)
    await goesOn()
  })

  test('something mounted below it is named', async () => {
    await one.sh('mount -t tmpfs tmpfs /vz/root/1')
    const ended = await pair.run()
    expect(errorOf(ended)).toMatchObject({ code: 'BUSY' })
    expect(errorOf(ended)?.seen).toContain('mounted below it: /vz/root/1')
    await one.sh('umount /vz/root/1')
    await goesOn()
  })

  test('the place is full in the middle', async () => {
    // When it was measured there was room.
    await one.sh(`
      printf '#!/bin/sh\\nfallocate -l %s /srv/full\\n' $(($(${FREE}) - 1500000)) >/usr/local/bin/fill; chmod +x /usr/local/bin/fill
      mkdir -p /etc/systemd/system/vz.service.d
      printf '[Service]\\nExecStop=/usr/local/bin/fill\\n' >/etc/systemd/system/vz.service.d/full.conf
      systemctl daemon-reload`)
    const ended = await stopped()
    expect(errorOf(ended)).toMatchObject({ code: 'WRITE_FAILED', message: '/srv/vz/vz is full' })
    await one.sh('rm -r /srv/full /etc/systemd/system/vz.service.d; systemctl daemon-reload')
    await goesOn()
  })

  test('a file that changes while it is copied', async () => {
    await wrapRsync('mount -o remount,rw /vz; echo more >>/vz/private/1/file')
    const ended = await pair.run()
    expect(errorOf(ended)).toMatchObject({
      code: 'CHANGED_MEANWHILE',
      message: 'it can be written to while it is copied',
    })
    expect(await one.sh('cat /vz/private/1/file')).toContain('one\nmore')
    expect(await phaseOf(one)).toBe('copying')
    await one.sh('rm /usr/local/bin/rsync; mount -o remount,rw /vz')
    before = await treeState(one, '/vz')
    await goesOn()
  })

  test('a copy that is not what was copied', async () => {
    await wrapRsync('if [ -f /srv/vz/vz/private/1/file ]; then echo bad >/srv/vz/vz/private/1/file; fi')
    const ended = await stopped()
    const error = errorOf(ended)
    expect(error).toMatchObject({
      code: 'CHANGED_MEANWHILE',
      message: 'the copy in /srv/vz/vz differs from /vz',
    })
    expect(error?.seen).toMatch(/^source: .*private\/1\/file$/m)
    expect(error?.seen).toMatch(/^copy: .*private\/1\/file$/m)
    await one.sh('rm /usr/local/bin/rsync')
    await goesOn()
  })

  test('a copy that a power cut left with the right sizes and seconds, and not much else', async () => {
    await wrapRsync('exit 1')
    await stopped()
    await one.sh(`
      rm /usr/local/bin/rsync; mkdir -p /srv/vz/vz; cp -a /vz/. /srv/vz/vz/; cd /srv/vz/vz/private/1
      truncate -s 0 root.hdd; truncate -s 3000000 root.hdd; touch -r /vz/private/1/root.hdd root.hdd
      for path in file ../1 ..; do touch -h -d "$(date -d @$(stat -c %Y $path) '+%F %T').000000001" $path; done`)
    await goesOn()
  })

  test('another file system at /vz', async () => {
    await wrapRsync('[ -e /run/over ] || { touch /run/over; mount -t tmpfs tmpfs /vz; }')
    const ended = await pair.run()
    expect(ended.exitCode).toBe(2)
    // It is not copied in the place of the one that was there, nor over its copy.
    expect(errorOf(ended)).toMatchObject({
      code: 'CHANGED_MEANWHILE',
      message: 'another file system is mounted there than was looked at',
    })
    expect(await phaseOf(one)).toBe('copying')
    expect(await treeState(one, '/srv/vz/vz')).toBe(before)
    await one.sh('rm /usr/local/bin/rsync /run/over; findmnt -t tmpfs /vz && umount /vz; true')
    expect(await treeState(one, '/vz')).toBe(before)
    await goesOn()
  })
})

/** What happens on the node right after each of rsync's runs. */
const wrapRsync = (then: string): Promise<string> =>
  one.sh(
    `printf '#!/bin/sh\\n/usr/bin/rsync "$@"; code=$?\\n%s\\nexit $code\\n' '${then}' >/usr/local/bin/rsync; chmod +x /usr/local/bin/rsync`,
  )
