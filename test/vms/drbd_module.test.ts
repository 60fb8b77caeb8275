import { execFileSync } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import { errorsIn, runEnd, taskEnds } from '../support/engine_project.ts'
import { addFiles } from '../support/project.ts'
import { STANDIN_VERSION, standinTarball } from '../support/standin_tarball.ts'
import { until } from '../support/until.ts'

const BUILD = ['linux-headers-amd64', 'gcc', 'make', 'patch', 'libelf-dev']
const SERVERS = ['server1', 'server2']

let lab: Lab
beforeAll(async () => {
  const tarball = await standinTarball()
  lab = await raiseLab({ kind: 'vms', nodes: 2, builder: { warm: BUILD }, installed: ['drbd-utils'] })
  const [sum = ''] = execFileSync('sha256sum', [tarball]).toString().split(' ')
  copyFileSync(tarball, join(lab.dir, 'drbd.tar.gz'))
  writeFileSync(
    join(lab.dir, 'sources.lock.yml'),
    `sources:\n  drbd-${STANDIN_VERSION}: { sha256: "${sum}" }\n`,
  )
  addFiles(lab.dir, {
    'site.yml': `- name: DRBD
  hosts: cluster:builders
  vars: { drbd_version: '${STANDIN_VERSION}', drbd_tarball: drbd.tar.gz }
  roles: [drbd_module]
`,
  })
})
afterAll(() => lab?.down())

const run = (...args: readonly string[]) =>
  bringupRun(['site.yml', '-i', 'inventory.yml', ...args], { cwd: lab.dir })
const say = async (node: string, command: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec(node, command)
  expect(exitCode, `${node}: ${command}: ${stderr}`).toBe(0)
  return stdout.trim()
}

test('built once, on the builder, and loaded on both nodes, which have no compiler', async () => {
  const { exitCode, events, output } = await run()
  expect(exitCode, output).toBe(0)
  const kernel = await say('server1', 'uname -r')
  expect(taskEnds(events).filter((end) => / build DRBD /.test(end))).toEqual([
    `builder build DRBD ${STANDIN_VERSION} for ${kernel} changed`,
  ])
  for (const node of SERVERS) {
    expect(await say(node, 'command -v gcc make || echo none')).toBe('none')
    const own = await say(
      node,
      `modinfo -F srcversion /lib/modules/${kernel}/kernel/drivers/block/drbd/drbd.ko`,
    )
    const built = await say(node, `modinfo -F srcversion /lib/modules/${kernel}/updates/drbd/drbd.ko`)
    expect(await say(node, 'cat /sys/module/drbd/srcversion')).toBe(built)
    expect(built).not.toBe(own)
    expect(await say(node, 'cat /proc/drbd | head -n 1')).toContain(`version: ${STANDIN_VERSION}`)
  }
})

test('the next run changes nothing and builds nothing', async () => {
  const { exitCode, events, changed, output } = await run()
  expect(exitCode, output).toBe(0)
  expect(changed).toEqual([])
  expect(taskEnds(events).filter((end) => end.startsWith('builder '))).toEqual([])
})

test('it is there after a reboot', async () => {
  const boot = await say('server1', 'cat /proc/sys/kernel/random/boot_id')
  await lab.exec('server1', 'systemctl reboot')
  await until(
    async () => (await say('server1', 'cat /proc/sys/kernel/random/boot_id').catch(() => boot)) !== boot,
  )
  await say('server1', 'systemctl is-system-running --wait || :')
  expect(await say('server1', 'cat /sys/module/drbd/srcversion')).toBe(
    await say('server1', 'modinfo -F srcversion /lib/modules/$(uname -r)/updates/drbd/drbd.ko'),
  )
})

test('one that is in use is never unloaded', async () => {
  await say('server2', 'drbdsetup new-resource used && drbdsetup new-minor used 7 0')
  const before = await say('server2', 'cat /sys/module/drbd/srcversion')
  const { exitCode, events, changed } = await run('-e', 'drbd_version=9.2.16')
  expect(exitCode).toBe(2)
  expect(errorsIn(events)[0] ?? runEnd(events).error).toMatchObject({
    code: 'REFUSED',
    seen: `DRBD ${STANDIN_VERSION} with drbd7`,
  })
  expect(changed).toEqual([])
  expect(await say('server2', 'cat /sys/module/drbd/srcversion')).toBe(before)
})
