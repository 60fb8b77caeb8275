import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun, startBringup } from '../support/bringup.ts'
import type { RunResult } from '../support/bringup.ts'
import { DEB_REPOSITORY } from '../support/deb_repository.ts'
import { until } from '../support/until.ts'
import { killController, withoutOrphans } from './controller_death.ts'
import { MEMBERS, WHOLE } from './written_cluster.ts'

const NODES = ['server1', 'server2']
const env = { HACLUSTER_PASSWORD: 'correct-horse-battery' }
let lab: Lab

beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['cluster'] })
  const made = await bringupRun(args('vip-cluster'), { env })
  expect(made.exitCode, made.output).toBe(0)
  for (const name of NODES) await sh(name, DEB_REPOSITORY)
}, 900_000)
afterAll(() => lab?.down())

const args = (playbook: string, ...more: string[]): string[] => {
  const site = ['-i', lab.inventory, '-i', 'inventory/lab.yml']
  return [`playbooks/${playbook}.yml`, ...site, ...more]
}
const update = (...more: string[]): Promise<RunResult> => bringupRun(args('rolling-update', ...more), { env })
const sh = async (name: string, script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec(name, script)
  expect(exitCode, `${name}: ${script}\n${stdout}${stderr}`).toBe(0)
  return stdout.trim()
}
const publish = async (version: string): Promise<void> => {
  for (const name of NODES) await sh(name, `sh /root/publish ${version}; rm -f /run/bringup/package_lists`)
}
const tools = (): Promise<string[]> =>
  Promise.all(NODES.map((name) => sh(name, "dpkg-query -W -f='${Version}' tool")))
const boots = (): Promise<string[]> =>
  Promise.all(NODES.map((name) => sh(name, 'systemctl show -p UserspaceTimestampMonotonic')))
const place = (): Promise<string> => sh('server1', 'crm_resource --locate --quiet --resource vip')
const isWell = async (): Promise<void> => {
  const nodes = await sh('server1', 'crm_mon -1 --output-as=xml')
  expect([...nodes.matchAll(/online="(\w+)" standby="(\w+)"/g)].map(([, ...is]) => is)).toEqual([
    ['true', 'false'],
    ['true', 'false'],
  ])
  expect(await place()).toMatch(/^server\d$/)
}

test('one node after the other is evacuated, updated, rebooted where that is asked for, and back; then nothing is moved', async () => {
  await publish('1.2')
  await sh('server2', 'touch /run/reboot-required')
  const check = await update('--check')
  expect(check.exitCode, check.output).toBe(0)
  expect(await tools()).toEqual(['1.0', '1.0'])

  const before = await boots()
  const updated = await update()
  expect(updated.exitCode, updated.output).toBe(0)
  expect(await tools()).toEqual(['1.2', '1.2'])
  const [first, second] = await boots()
  expect(first).toBe(before[0])
  expect(second).not.toBe(before[1])
  await isWell()
  // One is back before the other leaves.
  const order = ['server1 on standby', 'server1 off standby', 'server2 on standby', 'server2 off standby']
  expect(
    updated.changed.map((task) => task.replace(/^\S+ /, '')).filter((task) => order.includes(task)),
  ).toEqual(order)
  expect(updated.changed).toEqual(
    expect.arrayContaining(NODES.map((name) => `${name} the cluster stopped here, for new packages`)),
  )

  const where = await place()
  const again = await update()
  expect(again.exitCode, again.output).toBe(0)
  expect(again.changed).toEqual([])
  expect(await place()).toBe(where)
})

test('it stops at the first surprise', async () => {
  await publish('1.3')
  await sh('server2', 'systemctl stop pacemaker')
  const stopped = await update()
  expect(stopped.exitCode).toBe(2)
  expect(stopped.output).toContain('no other node is online that could take over')
  expect(stopped.changed).toEqual([])
  expect(await tools()).toEqual(['1.2', '1.2'])
  await sh('server2', 'systemctl start pacemaker')
  await until(async () => {
    const seen = await Promise.all(['server1', 'server2'].map((node) => sh(node, `${MEMBERS} || :`)))
    return seen.every((members) => members === WHOLE)
  })
})

test('a run whose controller was killed is gone on with by another', async () => {
  await sh('server1', 'crm_resource --wait')
  const started = startBringup(args('rolling-update'), { env })
  await started.seen((event) => event.type === 'task_end' && event.task === 'upgrade all packages')
  await killController(started)
  await withoutOrphans(lab)
  expect(await tools()).toEqual(['1.3', '1.2'])
  const ended = await update()
  expect(ended.exitCode, ended.output).toBe(0)
  expect(await tools()).toEqual(['1.3', '1.3'])
  await isWell()
})
