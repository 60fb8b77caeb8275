import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import type { RunResult } from '../support/bringup.ts'
import { engineProject } from '../support/engine_project.ts'

let lab: Lab
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['cluster'] })
  const { exitCode, output } = await bringupRun(
    ['playbooks/vip-cluster.yml', '-i', lab.inventory, '-i', 'inventory/lab.yml'],
    { env: { HACLUSTER_PASSWORD: 'correct-horse-battery' } },
  )
  expect(exitCode, output).toBe(0)
}, 900_000)
afterAll(() => lab?.down())

const say = async (script: string, node = 'server1'): Promise<string> =>
  (await lab.exec(node, script)).stdout.trim()
const place = (): Promise<string> => say('crm_resource --locate --quiet --resource vip')
const standby = (node: string): Promise<string> =>
  say(`crm_attribute --quiet --query --node ${node} --name standby --default off`)

/** A role that does to one node what heal_split_brain does before, or after, its data are healed. */
function step(name: 'hold' | 'unseen' | 'letGo', node: string, ...args: string[]): Promise<RunResult> {
  const path = (file: string): string =>
    JSON.stringify(new URL(`../../roles/heal_split_brain/${file}`, import.meta.url).pathname)
  return engineProject(lab, {
    step: `
  vars: z.object({ heal_timeout: z.number().default(60) }),
  async run({ nodes }) {
    const { hold, letGo } = await import(${path('standby.ts')})
    const { clusterOf } = await import(${path('look.ts')})
    const node = nodes.named('${node}').first
    const unseen = () => hold(node, undefined)
    await ${name}(node, await clusterOf(nodes))
  },`,
  }).run(...args)
}

test('a node is held while its data are healed, and let go after it; what runs on the other stays as it is', async () => {
  const serving = await place()
  const victim = serving === 'server1' ? 'server2' : 'server1'
  const pids = () => say('pidof corosync pacemakerd', serving)
  const before = await pids()

  const check = await step('hold', victim, '--check')
  expect(check.exitCode, check.output).toBe(0)
  expect(check.changed).toContain(`${victim} ${victim} on standby`)
  expect(await standby(victim)).toBe('off')

  const held = await step('hold', victim)
  expect(held.exitCode, held.output).toBe(0)
  expect(held.changed).toContain(`${victim} ${victim} on standby`)
  expect(await standby(victim)).toBe('on')
  expect((await step('hold', victim)).changed).toEqual([])

  const released = await step('letGo', victim)
  expect(released.exitCode, released.output).toBe(0)
  expect(await standby(victim)).toBe('off')
  expect((await step('letGo', victim)).changed).toEqual([])

  expect(await place()).toBe(serving)
  expect(await pids()).toBe(before)
})

test('what runs there is waited for', async () => {
  const victim = await place()
  const held = await step('hold', victim)
  expect(held.exitCode, held.output).toBe(0)
  expect(await place()).not.toBe(victim)
  expect((await step('letGo', victim)).exitCode).toBe(0)
})

test('a standby of somebody else is left as it was', async () => {
  const victim = (await place()) === 'server1' ? 'server2' : 'server1'
  await say(`crm_attribute --node ${victim} --name standby --update on`)
  expect((await step('hold', victim)).changed).toEqual([])
  expect((await step('letGo', victim)).changed).toEqual([])
  expect(await standby(victim)).toBe('on')
  await say(`crm_attribute --node ${victim} --name standby --delete`)
})

test('where Pacemaker does not run there, it is left alone; where it runs and nobody knows what it does, that is refused', async () => {
  const serving = await place()
  const victim = serving === 'server1' ? 'server2' : 'server1'
  const refused = await step('unseen', victim)
  expect(refused.exitCode, refused.output).toBe(2)
  expect(refused.output).toContain('Pacemaker runs there, and does not answer')
  await say('systemctl stop pacemaker', victim)
  for (const name of ['hold', 'unseen'] as const) {
    const left = await step(name, victim)
    expect(left.exitCode, left.output).toBe(0)
    expect(left.changed).toEqual([])
  }
  await say('systemctl start pacemaker', victim)
})
