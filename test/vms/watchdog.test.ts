import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject } from '../support/engine_project.ts'
import { until } from '../support/until.ts'

// One node, and Debian's own corosync.conf, which makes a cluster of it. No Pacemaker, which would reset it for its part.
let lab: Lab
beforeAll(async () => {
  lab = await raiseLab({ nodes: 1, kind: 'vms', installed: ['corosync'] })
  await say('systemctl enable --quiet --now corosync')
})
afterAll(() => lab?.down())

const say = async (script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec('server1', script)
  expect(exitCode, `${script}\n${stderr}`).toBe(0)
  return stdout.trim()
}
const asked = async (script: string): Promise<string> => (await lab.exec('server1', script)).stdout.trim()
const BOOT = 'cat /proc/sys/kernel/random/boot_id'
/** The process that has the watchdog open. */
const FEEDING =
  'for fd in /proc/[0-9]*/fd/*; do [ "$(readlink "$fd")" != /dev/watchdog ] || cat "${fd%/fd/*}/comm"; done'

const run = () => {
  const project = engineProject(lab, {})
  project.write({
    // An emulated machine may stand still for seconds.
    'group_vars.yml': stringify({ all: { vars: { watchdog_margin: 20 } } }),
    'site.yml': '- name: A watchdog\n  hosts: cluster\n  roles: [watchdog]\n',
  })
  return project.run('-i', 'group_vars.yml')
}

test('a corosync that runs is started again, and feeds the watchdog; the next run changes nothing', async () => {
  expect(await asked(FEEDING)).toBe('')
  const first = await run()
  expect(first.exitCode, first.output).toBe(0)
  expect(first.changed).toContain('server1 corosync feeds the watchdog')
  expect(await say(FEEDING)).toBe('corosync')
  expect(await say('cat /sys/class/watchdog/watchdog0/timeout')).toBe('20')
  expect(await say('systemctl show corosync -p Restart,RestartUSec')).toBe(
    'Restart=on-failure\nRestartUSec=1min 10s',
  )
  expect((await run()).changed).toEqual([])
})

test.each([
  ['hangs', 'STOP'],
  ['is killed', 'KILL'],
])('a node whose corosync %s is reset, and is as configured after it', async (_what, signal) => {
  const boot = await say(BOOT)
  await say(`kill -${signal} $(pidof corosync)`)
  await until(async () => {
    const { exitCode, stdout } = await lab.exec('server1', BOOT)
    return exitCode === 0 && stdout.trim() !== boot
  })
  await until(async () => (await asked(FEEDING)) === 'corosync')
  const again = await run()
  expect(again.exitCode, again.output).toBe(0)
  expect(again.changed).toEqual([])
})
