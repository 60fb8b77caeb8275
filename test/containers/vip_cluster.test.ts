import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { $ } from 'zx/core'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun, startBringup } from '../support/bringup.ts'
import type { RunResult } from '../support/bringup.ts'
import { needlesOf } from '../support/needles.ts'
import { watchProcesses } from '../support/process_watch.ts'
import { releasesFor } from '../support/releases.ts'
import { found, leakedOnNode, markTime } from '../support/written_files.ts'
import { until } from '../support/until.ts'
import { killController } from './controller_death.ts'

const PASSWORD = 'correct-horse-battery'
const VIP = '192.168.111.100'

/** Debian 12, 13 and 11: pcs 0.11, 0.12, 0.10 on pacemaker 2.1, 3.0, 2.0; one of them with three nodes. */
const platforms = {
  bookworm: { nodes: 2, pcs: '0.11.' },
  trixie: { nodes: 3, pcs: '0.12.' },
  bullseye: { nodes: 2, pcs: '0.10.' },
}
const releases = releasesFor('a virtual IP', 'bookworm', 'trixie', 'bullseye')

describe.each(releases)('a virtual IP on nodes of %s', (release) => {
  const { nodes, pcs } = platforms[release]
  let lab: Lab
  const names = Array.from({ length: nodes }, (_, index) => `server${index + 1}`)

  beforeAll(async () => {
    lab = await raiseLab({ nodes, release, client: true, warm: ['cluster'] })
  })
  afterAll(() => lab?.down())

  const run = (playbook: string, ...more: string[]): Promise<RunResult> =>
    bringupRun([`playbooks/${playbook}`, '-i', lab.inventory, '-i', 'inventory/lab.yml', ...more], {
      env: { HACLUSTER_PASSWORD: PASSWORD },
    })
  const onAll = async (script: string): Promise<string[]> =>
    Promise.all(names.map(async (name) => (await lab.exec(name, script)).stdout))

  test('check mode on bare machines says all that would be done, and does nothing', async () => {
    const listing =
      'find /etc /var/lib -xdev -type f -exec sha256sum {} + | sort -k2; find /etc -xdev -printf "%p %m %u %g %l\\n" | sort; dpkg -l'
    const before = await onAll(listing)
    const check = await run('vip-cluster.yml', '--check')
    expect(check.exitCode, check.output).toBe(0)
    expect(await onAll(listing)).toEqual(before)

    const diffs = check.events.flatMap((event) =>
      event.type === 'task_end' ? event.changes.flatMap(({ diff }) => diff?.path ?? []) : [],
    )
    expect(new Set(diffs)).toEqual(new Set(['/etc/hosts', 'CIB']))
    expect(check.changed).toEqual(
      expect.arrayContaining([
        'server1 cluster lab',
        'server1 pacemaker runs on all nodes',
        'server1 cluster configuration',
      ]),
    )
  })

  test('the playbook brings the cluster up, and its password is nowhere', async () => {
    const needles = needlesOf(PASSWORD)
    await markTime(lab)
    const watch = await watchProcesses(needles)
    const first = await run('vip-cluster.yml')
    expect(await watch.end()).toEqual([])
    expect(first.exitCode, first.output).toBe(0)
    expect(found(first.stdout + first.stderr, needles)).toEqual([])
    for (const name of names) expect(await leakedOnNode(lab, name, needles)).toEqual([])

    expect((await lab.exec('server1', 'pcs --version')).stdout).toMatch(pcs)
    expect((await lab.exec('server1', 'crm_resource --locate --quiet --resource vip')).stdout.trim()).toMatch(
      /^server\d$/,
    )
    expect((await lab.exec('client', `ping -c 1 -w 5 ${VIP}`)).exitCode).toBe(0)
    expect(first.events.filter((event) => event.type === 'warning').map((event) => event.message)).toEqual([
      expect.stringContaining('stonith-enabled=false'),
    ])
  })

  test('a second run changes nothing and restarts nothing', async () => {
    const starts =
      'systemctl show corosync pacemaker pcsd -p Id -p ActiveEnterTimestampMonotonic -p MainPID -p NRestarts'
    const before = await onAll(starts)
    const second = await run('vip-cluster.yml')
    expect(second.exitCode, second.output).toBe(0)
    expect(second.changed).toEqual([])
    expect(await onAll(starts)).toEqual(before)
  })

  test('a setting changed by hand is shown by check mode, with what the cluster would do, and put back', async () => {
    await lab.exec(
      'server1',
      'crm_attribute --name cluster-recheck-interval --update 9min; crm_resource --resource vip --set-parameter cidr_netmask --parameter-value 32; crm_resource --wait',
    )
    const check = await run('vip-cluster.yml', '--check')
    const summaries = check.events.flatMap((event) =>
      event.type === 'task_end' ? event.changes.map(({ summary }) => summary) : [],
    )
    expect(summaries).toEqual([
      'property: cluster-recheck-interval 9min → 5min',
      'vip: cidr_netmask 32 → 24',
      expect.stringMatching(/^would restart vip on server\d/),
    ])
    const mended = await run('vip-cluster.yml')
    expect(mended.exitCode, mended.output).toBe(0)
    expect(mended.changed).toEqual(['server1 cluster configuration'])
    expect((await run('vip-cluster.yml')).changed).toEqual([])
  })

  test('what nobody declared is left alone', async () => {
    await lab.exec(
      'server1',
      'crm_attribute --name maintenance-mode --update false; crm_resource --resource vip --ban --node server2',
    )
    try {
      const again = await run('vip-cluster.yml')
      expect(again.exitCode, again.output).toBe(0)
      expect(again.changed).toEqual([])
      const { stdout } = await lab.exec('server1', 'cibadmin --query --scope constraints')
      expect(stdout).toContain('cli-ban-vip-on-server2')
    } finally {
      await lab.exec('server1', 'crm_resource --resource vip --clear')
    }
  })

  test('the drill moves the address away and back, and says how long it did not answer', async () => {
    const drill = await run('drill-standby.yml')
    expect(drill.exitCode, drill.output).toBe(0)
    const notes = drill.events.flatMap((event) => (event.type === 'note' ? [event.message] : []))
    expect(notes).toHaveLength(2)
    for (const note of notes)
      expect(note).toMatch(/^vip server\d → server\d: did not answer for (\d+\.\d\d s|less than 0\.1 s)$/)
    expect((await lab.exec('server1', 'crm_mon -1 --output-as=xml')).stdout).not.toContain('standby="true"')
    expect((await run('vip-cluster.yml')).changed).toEqual([])
  })

  test('a drill that is interrupted leaves no node on standby', async () => {
    const drill = startBringup(
      ['playbooks/drill-standby.yml', '-i', lab.inventory, '-i', 'inventory/lab.yml'],
      { env: { HACLUSTER_PASSWORD: PASSWORD } },
    )
    await drill.seen((event) => event.type === 'task_end' && event.task.endsWith('on standby'))
    process.kill(drill.pid, 'SIGINT')
    const { exitCode, output } = await drill.ended
    expect(exitCode, output).toBe(130)
    expect((await lab.exec('server1', 'crm_mon -1 --output-as=xml')).stdout).not.toContain('standby="true"')
    await until(async () => !/bringup-drill|ping/.test((await lab.exec('client', 'ls /run; ps -e')).stdout))
  })

  test('a drill whose controller is killed leaves a node in standby, which everything tells, and no second one', async () => {
    const drill = startBringup(
      ['playbooks/drill-standby.yml', '-i', lab.inventory, '-i', 'inventory/lab.yml'],
      { env: { HACLUSTER_PASSWORD: PASSWORD } },
    )
    const event = await drill.seen((one) => one.type === 'task_end' && one.task.endsWith('on standby'))
    await killController(drill)
    const [left = ''] = 'task' in event ? event.task.split(' ') : []
    await until(async () => !/bringup-drill|ping/.test((await lab.exec('client', 'ls /run; ps -e')).stdout))

    const status = await $({ nothrow: true, quiet: true })`
      node bin/bringup.js status -i ${lab.inventory} --limit cluster`
    expect(status.stdout).toContain(`${left} is in standby`)
    const again = await run('drill-standby.yml')
    expect(again.exitCode).toBe(2)
    expect(again.output).toContain(`${left} is in standby`)
    expect((await lab.exec('client', `ping -c 1 -w 5 ${VIP}`)).exitCode).toBe(0)
    const cluster = await run('vip-cluster.yml')
    expect(cluster.exitCode, cluster.output).toBe(0)
    expect(cluster.changed).toEqual([])
    expect(cluster.events.filter((one) => one.type === 'warning').map((one) => one.message)).toEqual([
      expect.stringContaining('stonith-enabled=false'),
      expect.stringContaining(`crm_standby --delete --node ${left}`),
    ])
    await lab.exec('server1', `crm_standby --delete --node ${left}`)
    const well = await run('drill-standby.yml')
    expect(well.exitCode, well.output).toBe(0)
  })

  test('status tells that it works', async () => {
    const status = await $({
      nothrow: true,
      quiet: true,
    })`node bin/bringup.js status -i ${lab.inventory} --limit cluster`
    expect(status.stdout).toContain('cluster lab: works')
    expect(status.exitCode, status.stdout + status.stderr).toBe(0)
  })
})
