import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { connectHost } from '../../../src/connection/connect.ts'
import { ownClaim } from '../../../src/connection/lock_claim.ts'
import type { LockableRemote } from '../../../src/connection/remote.ts'
import { labHost } from './lab_host.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 1 })))
afterAll(() => lab?.down())

async function connect(): Promise<LockableRemote> {
  const remote = await connectHost(labHost(lab, 'server1'), { acceptNew: false, ask: async () => null })
  onTestFinished(() => remote.close())
  return remote
}
const on = async (script: string): Promise<string> => (await lab.exec('server1', script)).stdout.trim()
const claim = ownClaim({ run: 'a run', playbook: 'site.yml' })
const rival = ownClaim({ run: 'a rival', playbook: 'site.yml' })

test('the lock is had by one connection until it gives it back or is closed', async () => {
  const [one, two] = await Promise.all([connect(), connect()])
  expect(await one.lock(claim)).toEqual({ state: 'held' })
  expect(await two.lock(rival)).toMatchObject({ state: 'taken', holder: { run: 'a run', node: 'server1' } })
  await one.unlock()
  expect(await two.lock(rival)).toEqual({ state: 'held' })
  await two.close()
  await expect.poll(() => one.lock(claim)).toEqual({ state: 'held' })
})

test('it is had again after a reconnection, also where the host knows nothing of the end of the old one', async () => {
  const remote = await connect()
  await remote.lock(claim)
  remote.begin()
  // A shell that does not notice that its connection is gone.
  const shell = await on("sed -n 's/^shell: //p' /run/bringup/lock")
  await on(`kill -STOP ${shell}`)
  await remote.reconnect({ timeout: 20 })
  await expect.poll(() => on(`kill -0 ${shell} && echo alive`)).toBe('')
  expect(await on('flock -n /run/bringup/lock true || echo locked')).toBe('locked')
  expect(await on("sed -n 's/^run: //p' /run/bringup/lock")).toBe('a run')
  // Its new shells count as busy, too.
  await remote.run('true')
  await expect.poll(() => on('flock -n /run/bringup/busy true || echo busy')).toBe('busy')
})

test('it is not had again where another has it meanwhile', async () => {
  const [one, two] = await Promise.all([connect(), connect()])
  await one.lock(claim)
  await on("kill $(sed -n 's/^shell: //p' /run/bringup/lock)")
  await expect.poll(() => two.lock(rival)).toEqual({ state: 'held' })
  await expect(one.reconnect({ timeout: 20 })).rejects.toMatchObject({
    code: 'LOCKED',
    message: 'server1 is locked by another run',
    details: { seen: expect.stringContaining('a rival') as string },
  })
})
