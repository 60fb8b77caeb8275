import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { TimedEvent } from '../../src/run/events.ts'
import { bringupRun, startBringup } from '../support/bringup.ts'
import { until } from '../support/until.ts'
import { argumentsFor, ask, leftBehind, NODES, place, play, processes, sh, VIP } from './apache_pair.ts'
import { killController } from './controller_death.ts'

const STATUS = '/etc/apache2/conf-available/server-status.conf'
const PATIENT = { timeout: 60_000, interval: 1000 }

describe('Apache on two nodes, without pcs', () => {
  let lab: Lab

  beforeAll(async () => {
    lab = await raiseLab({ nodes: 2, client: true, warm: ['cluster', 'curl'] })
  })
  afterAll(() => lab?.down())

  test('from bare machines to an address that answers with the name of the node', async () => {
    const first = await play(lab)
    expect(first.exitCode, first.output).toBe(0)
    expect(first.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []))).toEqual([
      expect.stringContaining('stonith-enabled=false'),
      expect.stringContaining('no-quorum-policy=ignore'),
    ])
    const node = await place(lab)
    expect(NODES).toContain(node)
    expect(await ask(lab, 'server2', `http://${VIP}/node.txt`)).toBe(`${node} 200`)
    for (const name of NODES) {
      expect(await sh(lab, name, 'systemctl is-enabled apache2 || systemctl is-active apache2 || :')).toBe(
        'disabled\ninactive',
      )
      expect(await sh(lab, name, 'command -v pcs pcsd || :')).toBe('')
    }
  })

  test('the status page answers the node itself alone, not even through the address that it holds', async () => {
    const node = await place(lab)
    const other = NODES.find((name) => name !== node) ?? ''
    expect(await ask(lab, node, 'http://127.0.0.1/server-status?auto')).toMatch(/ 200$/)
    expect(await ask(lab, node, `http://${VIP}/server-status?auto`)).toMatch(/ 403$/)
    expect(await ask(lab, other, `http://${VIP}/server-status?auto`)).toMatch(/ 403$/)
  })

  test('a second run changes nothing and restarts nothing', async () => {
    const before = await processes(lab)
    const second = await play(lab)
    expect(second.exitCode, second.output).toBe(0)
    expect(second.changed).toEqual([])
    expect(await processes(lab)).toEqual(before)
  })

  test('a file that Apache would not start with does not replace the old one; mended, it is read without a restart', async () => {
    const node = await place(lab)
    const before = await processes(lab)
    await sh(lab, node, `echo '# by hand' >>${STATUS}; echo Nonsense >/etc/apache2/conf-enabled/zz.conf`)
    const text = await sh(lab, node, `cat ${STATUS}`)
    const refused = await play(lab)
    expect(refused.exitCode).toBe(2)
    expect(refused.output).toContain("Invalid command 'Nonsense'")
    expect(await sh(lab, node, `cat ${STATUS}`)).toBe(text)

    await sh(lab, node, 'rm /etc/apache2/conf-enabled/zz.conf')
    const mended = await play(lab)
    expect(mended.exitCode, mended.output).toBe(0)
    expect(mended.changed).toEqual([
      `${node} file ${STATUS}`,
      expect.stringMatching(new RegExp(`^${node} \\$ kill -s USR1 \\d+$`)),
    ])
    expect(await processes(lab)).toEqual(before)
  })

  test('an Apache that systemd has started, and Pacemaker taken over, is not stopped', async () => {
    const node = await place(lab)
    await sh(
      lab,
      node,
      `crm_attribute --name maintenance-mode --update true; crm_resource --wait --timeout=60s
      pkill -KILL -x apache2; while pgrep -x apache2; do sleep 0.1; done >/dev/null
      systemctl enable --now apache2 2>/dev/null
      crm_attribute --name maintenance-mode --delete; crm_resource --wait --timeout=60s`,
    )
    await until(async () => (await place(lab)) === node)
    const before = await processes(lab)
    const again = await play(lab)
    expect(again.exitCode, again.output).toBe(0)
    expect(again.changed).toEqual([`${node} service apache2`])
    expect(again.events).toContainEqual(
      expect.objectContaining({
        type: 'warning',
        message: expect.stringContaining('Pacemaker took it over'),
      }),
    )
    expect(await processes(lab)).toEqual(before)
    expect((await lab.exec(node, 'systemctl is-enabled apache2')).stdout.trim()).toBe('disabled')

    // Which systemd would start again when it dies, so that Pacemaker has no failure to count.
    const drill = await play(lab, 'drill-apache')
    expect(drill.exitCode).toBe(2)
    expect(drill.output).toContain('apache2.service runs, and would start it again')
    await sh(
      lab,
      node,
      'crm resource restart httpd && crm resource cleanup httpd && crm_resource --wait --timeout=60s',
    )
    expect((await lab.exec(node, 'systemctl is-active apache2')).stdout.trim()).toBe('inactive')
  })

  test('the drill: failures count as foretold, and it leaves the cluster as it was', async () => {
    const before = await leftBehind(lab)
    const drill = await play(lab, 'drill-apache')
    expect(drill.exitCode, drill.output).toBe(0)
    const [table = ''] = drill.events.flatMap((event) => (event.type === 'note' ? [event.message] : []))
    console.log(table)
    const [count, , ...rows] = table.split('\n')
    expect(count).toBe('12 trials')
    expect(rows).toHaveLength(12)
    for (const row of rows) expect(row).toMatch(/ {2}the same {2,}\d+ of [1-9]\d*$/)
    await expect.poll(() => leftBehind(lab), PATIENT).toEqual(before)
    expect((await play(lab)).changed).toEqual([])
  })

  test('a drill that is interrupted puts everything back', async () => {
    const before = await leftBehind(lab)
    const drill = startBringup(argumentsFor(lab, 'drill-apache'))
    // Just killed, and the cluster has not seen it yet.
    const kills = new Set<TimedEvent>()
    await drill.seen(
      (event) =>
        event.type === 'task_start' && event.task.startsWith('$ kill') && kills.add(event).size === 2,
    )
    process.kill(drill.pid, 'SIGINT')
    const { exitCode, output, events } = await drill.ended
    expect(exitCode, output).toBe(130)
    // One before the cluster has seen it would make Pacemaker start a second Apache beside the children of the dead one.
    const cleanups = events.filter((event) => event.type === 'task_start' && event.task.includes('cleanup'))
    expect(cleanups).toHaveLength(1)
    await expect.poll(() => leftBehind(lab), PATIENT).toEqual(before)
  })

  test('a drill whose controller dies leaves what the next one refuses to begin with, and no rule', async () => {
    const before = await leftBehind(lab)
    const drill = startBringup([...argumentsFor(lab, 'drill-apache')])
    // Its next act waits until the cluster has seen this one.
    await drill.seen((event) => event.type === 'task_end' && event.task.startsWith('$ kill'))
    await killController(drill)
    await until(async () => !/bringup-drill|http_seq/.test((await leftBehind(lab)).join()))
    await until(async () => /fail-count-httpd/.test(await sh(lab, 'server1', 'cibadmin --query')))
    await sh(lab, 'server1', 'crm_resource --wait --timeout=60s')
    const again = await play(lab, 'drill-apache')
    expect(again.exitCode).toBe(2)
    expect(again.output).toMatch(/failures (1\/0|0\/1), not failures 0\/0/)
    await sh(lab, 'server1', 'crm resource cleanup httpd && crm_resource --wait --timeout=60s')
    await expect.poll(() => leftBehind(lab), PATIENT).toEqual(before)
  })

  test('a trial that ends otherwise than foretold fails under its name', async () => {
    // Declared is 3; the drill believes that, and the cluster what somebody has told it since.
    await sh(lab, 'server1', 'crm_attribute --type rsc_defaults --name migration-threshold --update 1')
    const drill = await bringupRun([...argumentsFor(lab, 'drill-apache'), '-e', 'drill_timeout=30'])
    expect(drill.exitCode).toBe(2)
    expect(drill.output).toContain('killed once: Pacemaker did otherwise than foretold')
    const { events } = drill
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'note',
        message: expect.stringMatching(
          /^1 trial\n[^\n]*\nkilled once +on \S+ failures \S+ +on \S+ failures \S+ +\d+ of \d+$/,
        ),
      }),
    )
    const mended = await play(lab)
    expect(mended.changed).toEqual(['server1 cluster configuration'])
  })
})
