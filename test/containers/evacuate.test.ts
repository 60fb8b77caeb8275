import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import type { RunResult } from '../support/bringup.ts'

const env = { HACLUSTER_PASSWORD: 'correct-horse-battery' }
let lab: Lab

beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['cluster'] })
  const made = await run('vip-cluster')
  expect(made.exitCode, made.output).toBe(0)
}, 900_000)
afterAll(() => lab?.down())

const run = (playbook: string, ...more: string[]): Promise<RunResult> =>
  bringupRun([`playbooks/${playbook}.yml`, '-i', lab.inventory, '-i', 'inventory/lab.yml', ...more], { env })
const sh = async (script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec('server1', script)
  expect(exitCode, `${script}\n${stdout}${stderr}`).toBe(0)
  return stdout
}
const messages = ({ events }: RunResult, type: 'note' | 'warning'): string[] =>
  events.flatMap((event) => (event.type === type ? [event.message] : []))
const place = async (): Promise<string> => (await sh('crm_resource --locate --quiet --resource vip')).trim()

test('a node is evacuated, stays so, and returns; what its failures left is cleaned up, and what others put there stays', async () => {
  const from = await place()
  const to = from === 'server1' ? 'server2' : 'server1'
  const limit = ['--limit', from]

  const check = await run('evacuate-node', ...limit, '--check')
  expect(check.exitCode, check.output).toBe(0)
  expect(messages(check, 'note')).toEqual([expect.stringContaining(`would move vip from ${from} to ${to}`)])
  expect(await place()).toBe(from)

  const gone = await run('evacuate-node', ...limit)
  expect(gone.exitCode, gone.output).toBe(0)
  expect(await place()).toBe(to)
  expect(await sh('cibadmin --query --scope constraints')).not.toContain('cli-')
  expect((await run('evacuate-node', ...limit)).changed).toEqual([])

  // Nobody is left that could take over from the other.
  const last = await run('evacuate-node', '--limit', to)
  expect(last.exitCode).toBe(2)
  expect(last.output).toContain('no other node is online that could take over')
  expect(last.output).toContain('vip would run nowhere')
  expect(await place()).toBe(to)
  expect((await run('evacuate-node')).output).toContain('one node goes, and others stay')

  // A failure of long ago, its count, and a move of somebody else.
  await sh(`crm_resource --fail --resource vip --node ${from}; crm_resource --wait
    crm_attribute --type status --node ${from} --name fail-count-vip#monitor_30000 --update 3
    crm_resource --resource vip --ban --node ${from}`)
  const back = await run('return-node', ...limit)
  expect(back.exitCode, back.output).toBe(0)
  expect(back.changed).toEqual(
    expect.arrayContaining([`${to} ${from} off standby`, `${to} no failures of ${from} on record`]),
  )
  expect(messages(back, 'warning')).toEqual([
    expect.stringContaining(`cli-ban-vip-on-${from} keeps vip off ${from}`),
  ])
  expect(await sh('cibadmin --query')).not.toContain('fail-count-vip')
  expect(await sh('cibadmin --query --scope constraints')).toContain(`cli-ban-vip-on-${from}`)
  const again = await run('return-node', ...limit)
  expect(again.exitCode, again.output).toBe(0)
  expect(again.changed).toEqual([])
})
