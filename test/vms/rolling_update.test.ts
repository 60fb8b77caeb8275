import { afterAll, beforeAll, expect, test } from 'vitest'
import { World } from '../rebuild/world.ts'
import { DEB_REPOSITORY } from '../support/deb_repository.ts'
import { startLedgerClient } from '../support/ledger.ts'
import type { LedgerClient } from '../support/ledger.ts'
import { failingMachines } from './failing_machines.ts'

let world: World
let client: LedgerClient

beforeAll(async () => {
  world = new World(await failingMachines())
  for (const playbook of ['playbooks/drbd-cluster.yml', 'test/ledger/ledger.yml']) {
    const { exitCode, output } = await world.play(playbook)
    expect(exitCode, output).toBe(0)
  }
  await world.on(await world.serving(), 'mkdir /srv/ledger && sync /srv')
  for (const name of world.members) await world.on(name, DEB_REPOSITORY)
  client = startLedgerClient(world.lab.within, '192.168.111.100')
  await client.since()
})
afterAll(() => world?.lab[Symbol.asyncDispose]())

const states = (): Promise<string[]> =>
  Promise.all(world.members.map((name) => world.on(name, 'drbdadm cstate r0; drbdadm dstate r0')))
const boots = (): Promise<string[]> =>
  Promise.all(world.members.map((name) => world.on(name, 'cat /proc/sys/kernel/random/boot_id')))

/** Two emulated machines boot again, one after the other, and all that is asked of pcs takes its time. */
const LONG = { timeout: 3_600_000 }

test(
  'a pair with a replicated disk is updated and rebooted while it serves, and nothing is lost',
  LONG,
  async () => {
    const before = await boots()
    for (const name of world.members)
      await world.on(
        name,
        'sh /root/publish 1.2; rm -f /run/bringup/package_lists; touch /run/reboot-required',
      )
    const updated = await world.play('playbooks/rolling-update.yml')
    expect(updated.exitCode, updated.output).toBe(0)
    for (const name of world.members)
      expect(await world.on(name, "dpkg-query -W -f='${Version}' tool")).toBe('1.2')
    for (const [at, boot] of (await boots()).entries()) expect(boot).not.toBe(before[at])
    expect(await states()).toEqual(['Connected\nUpToDate/UpToDate', 'Connected\nUpToDate/UpToDate'])

    await client.since()
    const where = await world.serving()
    const again = await world.play('playbooks/rolling-update.yml')
    expect(again.exitCode, again.output).toBe(0)
    expect(again.changed).toEqual([])
    expect(await world.serving()).toBe(where)
    expect((await client.since()).filter(({ failed }) => failed !== undefined)).toEqual([])
  },
)

test('a node is evacuated and returns', LONG, async () => {
  const from = await world.serving()
  const gone = await world.play('playbooks/evacuate-node.yml', '--limit', from)
  expect(gone.exitCode, gone.output).toBe(0)
  expect(await world.serving()).toBe(world.other(from))
  // Nobody else has all of the data now.
  const last = await world.play('playbooks/evacuate-node.yml', '--limit', world.other(from))
  expect(last.exitCode, last.output).toBe(2)
  await client.since()
  const back = await world.play('playbooks/return-node.yml', '--limit', from)
  expect(back.exitCode, back.output).toBe(0)
  expect(await states()).toEqual(['Connected\nUpToDate/UpToDate', 'Connected\nUpToDate/UpToDate'])
  expect((await client.since()).filter(({ failed }) => failed !== undefined)).toEqual([])
  expect(await client.lost()).toEqual([])
})
