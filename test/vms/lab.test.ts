import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { traces } from '../containers/traces.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, kind: 'vms', builder: {} })
})
afterAll(async () => {
  await lab?.down()
  if (lab !== undefined) await until(async () => (await traces(lab.name)).length === 0)
})

const say = async (node: string, command: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec(node, command)
  expect(exitCode, stderr).toBe(0)
  return stdout.trim()
}
const bootId = (node: string): Promise<string> => say(node, 'cat /proc/sys/kernel/random/boot_id')

test('nodes have kernels of their own, with modules, and a spare disk; no unit failed', async () => {
  expect(await say('server1', 'modprobe -a drbd softdog && cut -d " " -f 2 /proc/drbd | head -1')).toMatch(
    /^8\.4\./,
  )
  expect(await say('server2', 'grep -c drbd /proc/modules || :')).toBe('0')
  expect(await say('server1', 'lsblk -dno NAME,SERIAL')).toBe('vda  system\nvdb  spare')
  expect(await say('server2', 'systemctl is-system-running --wait; systemctl --failed --no-legend')).toBe(
    'running',
  )
})

test('they reach each other and the builder, which is a container, and nothing else', async () => {
  expect(await say('builder', 'ping -c 1 -W 5 192.168.111.101 >/dev/null && echo there')).toBe('there')
  expect(await say('builder', 'systemd-detect-virt')).toBe('systemd-nspawn')
  expect(await say('server1', 'ping -c 1 -W 5 192.168.111.102 >/dev/null && echo there')).toBe('there')
  expect(await say('server1', 'ip route show default')).toBe('')
})

test('a reboot, a power cut and a pause are what they are called', async () => {
  await say('server1', 'echo kept >/root/file; sync')
  const first = await bootId('server1')
  await lab.exec('server1', 'systemctl reboot')
  await until(async () => (await bootId('server1').catch(() => first)) !== first)

  const second = await bootId('server1')
  await lab.powerOff('server1')
  expect(await lab.isOn('server1')).toBe(false)
  await expect(lab.exec('server1', 'true')).rejects.toMatchObject({ code: 'LAB_FAILED' })
  await lab.powerOn('server1')
  expect(await bootId('server1')).not.toBe(second)
  expect(await say('server1', 'cat /root/file')).toBe('kept')

  await lab.pause('server1')
  expect((await lab.exec('server2', 'ping -c 1 -W 3 192.168.111.101')).exitCode).toBe(1)
  await lab.resume('server1')
  expect(await say('server1', 'cat /root/file')).toBe('kept')
})
