import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import { labDisk } from '../support/lab_disks.ts'
import type { LabDisk } from '../support/lab_disks.ts'
import { POWEROFF_NOW } from '../support/reboot_now.ts'
import { until } from '../support/until.ts'

// Real Pacemaker and Filesystem, and the stand-in for OpenVZ 7, whose containers are real ones of systemd-nspawn. The
// disk is one that both nodes have: DRBD needs kernels of its own.
let lab: Lab
let disks: LabDisk[] = []
const sh = async (node: string, script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec(node, script)
  if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stdout}${stderr}`)
  return stdout.trim()
}
const play = (playbook: string) =>
  bringupRun([playbook, '-i', lab.inventory], { env: { HACLUSTER_PASSWORD: 'correct-horse-battery' } })
const cluster = () => play('test/containers/openvz_cluster.yml')

beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['cluster', 'systemd-container', 'busybox-static'] })
  const standin = await play('test/openvz_standin/standin.yml')
  expect(standin.exitCode, standin.output).toBe(0)
  const disk = await labDisk(lab, 'server1', '/dev/vz-disk', 64 * 1024 * 1024)
  disks = [disk]
  const number = await sh('server1', "stat -c '%Hr %Lr' /dev/vz-disk")
  await sh('server2', `mknod /dev/vz-disk b ${number}`)
  // As vz_evacuate and vz_restore leave it.
  const moved = 'systemctl stop vz prl-disp; rm -r /vz/* /etc/vz; ln -s /vz/etc-vz /etc/vz'
  await Promise.all(['server1', 'server2'].map((node) => sh(node, moved)))
  await sh(
    'server1',
    `mkfs.ext4 -q /dev/vz-disk && mount /dev/vz-disk /vz && mkdir -p /vz/private /vz/root /vz/etc-vz/conf &&
      echo SERVER_UUID=one >/vz/etc-vz/vz.conf && umount /vz`,
  )
  const first = await cluster()
  expect(first.exitCode, first.output).toBe(0)
}, 900_000)
afterAll(async () => {
  await lab?.down()
  for (const disk of disks) await disk.close()
})

const place = (from: string): Promise<string> =>
  sh(from, 'crm_resource --locate --quiet --resource VZ7 2>/dev/null || :')
const failures = (from: string): Promise<string> => sh(from, "crm_mon -1 --as-xml | grep -c '<failure ' || :")

/** The container runs on this node only, with its file. */
async function provenOn(node: string, from: string): Promise<void> {
  await until(async () => (await place(from)) === node)
  await until(
    async () => (await sh(node, 'prlctl list -H -o name,status 2>/dev/null || :')) === 'test1 running',
  )
  expect(await sh(node, 'prlctl exec test1 cat /test.txt')).toBe('testtest')
  expect(await failures(from)).toBe('0')
}

test('a second run changes nothing', async () => {
  const { exitCode, changed, output } = await cluster()
  expect(exitCode, output).toBe(0)
  expect(changed).toEqual([])
})

test('a container goes with the disk: standby, back, and a shutdown', async () => {
  await until(async () => /^server\d$/.test(await place('server1')))
  const at = await place('server1')
  const other = at === 'server1' ? 'server2' : 'server1'
  await sh(at, 'prlctl create test1 --vmtype ct --ostemplate centos-7-x86_64 && prlctl start test1')
  await sh(at, `vzctl set test1 --onboot yes --save && prlctl exec test1 'echo testtest >/test.txt'`)

  await sh(at, `pcs node standby ${at}`)
  await provenOn(other, at)
  expect(await sh(at, 'pgrep -c systemd-nspawn; :')).toBe('0')
  await sh(at, `pcs node unstandby ${at} && pcs node standby ${other}`)
  await provenOn(at, at)
  await sh(at, `pcs node unstandby ${other}`)

  // Ended by systemd, whose own jobs for vz and prl-disp wait for Pacemaker.
  await sh(at, POWEROFF_NOW)
  await provenOn(other, other)
  await until(async () => !(await lab.isOn(at)))
})
