import { expect, test, vi } from 'vitest'
import { cib } from '../../../src/cluster/cib.ts'
import { applyTo } from '../../../src/pacemaker/cib/reconcile.ts'
import { renderXml } from '../../../src/pacemaker/xml.ts'
import { Secret } from '../../../src/secret.ts'
import { wanted } from '../pacemaker/cib/wanted.ts'
import { FakeCluster } from './fake_cluster.ts'

// Waiting between tries is not what these tests are about.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

const VIP = cib.params.parse({
  properties: { 'stonith-enabled': false },
  resources: { vip: { agent: 'ocf:heartbeat:IPaddr2', options: { ip: '10.0.0.9' } } },
})

async function perform(cluster: FakeCluster, want = VIP) {
  const context = cluster.context()
  const now = await cib.read(context, want)
  await cib.apply(context, cib.plan(now, want), want, now)
  return cib.plan(await cib.read(context, want), want)
}

test('what is declared is in the CIB after one patch, with the advice of the agent', async () => {
  const cluster = new FakeCluster()
  expect(await perform(cluster)).toEqual([])
  expect(cluster.patches).toBe(1)
  expect(renderXml(cluster.live)).toContain('name="start" interval="0s" timeout="40s"')
})

test('a plan tells every difference, and shows the configuration once', async () => {
  const cluster = new FakeCluster()
  const changes = cib.plan(await cib.read(cluster.context(), VIP), VIP)
  expect(changes.map(({ summary }) => summary)).toEqual([
    'property: stonith-enabled false',
    'create resource vip (ocf:heartbeat:IPaddr2)',
  ])
  expect(changes.flatMap(({ diff }) => diff ?? [])).toEqual([
    {
      path: 'CIB',
      before: expect.not.stringContaining('vip'),
      after: expect.stringContaining('<primitive id="vip"'),
    },
  ])
})

test('a second run does nothing', async () => {
  const cluster = new FakeCluster()
  await perform(cluster)
  const before = cluster.live
  expect(cib.plan(await cib.read(cluster.context(), VIP), VIP)).toEqual([])
  expect(cluster.live).toBe(before)
})

test('what runs already is waited for until the cluster has nothing more to do with it', async () => {
  const cluster = new FakeCluster()
  // On a slow machine: started, its monitor not begun; then begun.
  cluster.doing = ['nothing yet', 'Monitoring']
  expect(await perform(cluster)).toEqual([])
})

test('a cluster that is never idle, since others keep it busy, does not keep a run from being done', async () => {
  const cluster = new FakeCluster()
  cluster.doing = Array.from({ length: 9 }, () => 'nothing yet' as const)
  expect(await perform(cluster)).toEqual([])
  expect(cluster.doing).toHaveLength(7)
})

test('when the CIB moves on, the change is planned anew, and what others did meanwhile stays', async () => {
  const cluster = new FakeCluster()
  cluster.fates = ['moved on', 'moved on']
  cluster.meanwhile = (live) => applyTo(live, wanted({ properties: { 'maintenance-mode': 'true' } }))
  expect(await perform(cluster)).toEqual([])
  expect(cluster.patches).toBe(3)
  expect(renderXml(cluster.live)).toContain('name="maintenance-mode" value="true"')
})

test('exit status 0 is not believed: pacemaker 2.0 gives it for a patch that it dropped', async () => {
  const cluster = new FakeCluster()
  cluster.fates = ['ignored', 'unknown']
  expect(await perform(cluster)).toEqual([])
  expect(cluster.patches).toBe(3)
})

test('it gives up on a CIB that never holds still', async () => {
  const cluster = new FakeCluster()
  cluster.fates = Array<'moved on'>(20).fill('moved on')
  await expect(perform(cluster)).rejects.toMatchObject({ code: 'NOT_MET' })
  expect(cluster.patches).toBe(10)
})

test('what the cluster would not accept is refused, and nothing is changed', async () => {
  const cluster = new FakeCluster()
  const before = cluster.live
  cluster.fates = ['invalid']
  await expect(perform(cluster)).rejects.toMatchObject({
    code: 'REFUSED',
    details: { seen: 'error: Resource start-up disabled' },
  })
  expect(cluster.live).toBe(before)
})

test('an agent that is not there is refused before anything is done', async () => {
  const cluster = new FakeCluster()
  const want = cib.params.parse({ resources: { a: { agent: 'ocf:heartbeat:Nope' } } })
  await expect(perform(cluster, want)).rejects.toMatchObject({ code: 'REFUSED' })
  expect(cluster.patches).toBe(0)
})

test('a resource that does not run is waited for, and the wait ends with what the cluster recorded', async () => {
  const cluster = new FakeCluster()
  cluster.stopped = ['vip']
  cluster.failures =
    '<failure op_key="vip_start_0" node="server1" exitstatus="not configured" exitreason="[findif] failed"/>'
  const want = { ...VIP, timeout: 0.01 }
  await expect(perform(cluster, want)).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: expect.stringContaining('vip is not running'),
    details: { seen: expect.stringContaining('vip_start_0 on server1: not configured ([findif] failed)') },
  })
  const again = cib.plan(await cib.read(cluster.context(), want), want)
  expect(again).toEqual([{ summary: 'wait: vip is not running' }])
  cluster.stopped = []
  expect(await perform(cluster, want)).toEqual([])
})

test('check mode says what the cluster would do, and touches nothing', async () => {
  const cluster = new FakeCluster()
  const before = cluster.live
  const now = await cib.read(cluster.context(true), VIP)
  expect(cib.plan(now, VIP).map(({ summary }) => summary)).toContain('would start vip on server1')
  expect(cib.plan(cib.after(now, VIP), VIP)).toEqual([])
  expect(cluster.live).toBe(before)
  expect(cluster.scripts.filter((script) => /cibadmin (?!--query)|mktemp/.test(script))).toEqual([])
})

test('check mode plans for a cluster that is not there yet; a real run says that none runs', async () => {
  const cluster = new FakeCluster()
  cluster.running = false
  const now = await cib.read(cluster.context(true), VIP)
  expect(cib.plan(now, VIP)).toHaveLength(2)
  vi.spyOn(Date, 'now').mockReturnValueOnce(0)
  await expect(cib.read(cluster.context(), VIP)).rejects.toMatchObject({
    code: 'COMMAND_FAILED',
    message: 'the cluster does not run on server1',
  })
})

test('a secret goes into what is fed alone', async () => {
  const cluster = new FakeCluster()
  const want = cib.params.parse({
    resources: { f: { agent: 'stonith:fence_x', options: { password: new Secret('hunter2-secret') } } },
  })
  const planned = await cib.read(cluster.context(true), want)
  await perform(cluster, want)
  expect(renderXml(cluster.live)).toContain('hunter2-secret')
  expect(JSON.stringify(cib.plan(planned, want))).not.toContain('hunter2-secret')
  expect(cluster.scripts.join('\n')).not.toContain('hunter2-secret')
  expect(cluster.fed.every((input) => input instanceof Secret)).toBe(true)
})
