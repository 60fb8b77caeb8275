import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import type { RunResult } from '../support/bringup.ts'
import { project } from '../support/project.ts'
import { EVERYTHING, treeState, vzNode } from '../support/vz_node.ts'
import type { VzNode } from '../support/vz_node.ts'

let lab: Lab
let one: VzNode
let two: VzNode
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['rsync', 'attr', 'acl'] })
  for (const node of ['server1', 'server2'])
    await lab.exec(
      node,
      'DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends attr acl',
    )
  one = await vzNode(lab, 'server1')
  two = await vzNode(lab, 'server2')
})
afterAll(async () => {
  await one?.close()
  await two?.close()
  await lab?.down()
})

const root = new URL('../..', import.meta.url).pathname
const DEVICE = '/dev/mapper/openvz-vz'
const CONSENTS = ['--destroy', `server1:${DEVICE}`, '--destroy', `server2:${DEVICE}`]

const play = (evacuation: Record<string, unknown> = {}): string => `
- name: Evacuated
  hosts: cluster
  vars:
    evacuation: ${JSON.stringify({ from: 'server1', to: '/srv/vz', ...evacuation })}
    drbd_resources:
      - name: r0
        nodes:
          - { name: server1, node_id: 0, address: 192.168.111.101 }
          - { name: server2, node_id: 1, address: 192.168.111.102 }
        volumes: [{ volume: 0, minor: 0, disks: { server1: ${DEVICE}, server2: ${DEVICE} } }]
  roles: [vz_evacuate]
`
const run = (args: readonly string[] = CONSENTS, evacuation = {}): Promise<RunResult> =>
  bringupRun(['site.yml', '-i', lab.inventory, ...args], {
    cwd: project({ 'site.yml': play(evacuation) }),
  })

const errorOf = ({ events }: RunResult) => {
  const end = events.findLast((event) => event.type === 'run_end')
  return end?.type === 'run_end' ? end.error : undefined
}
const marker = async (node: VzNode): Promise<{ phase?: string }> =>
  JSON.parse(await node.sh('cat /var/lib/bringup/vz_evacuate.json 2>/dev/null || echo {}')) as {
    phase?: string
  }

// DRBD needs a kernel of its own: here a plain device with a fresh file system stands for its device.
const RESTORE = `
import { defineRole, z } from 'bringup'
import { evacuationVars } from '${root}roles/vz_evacuate/vars.ts'
import { parseMarker } from '${root}src/evacuation/marker.ts'
import { writeMarker } from '${root}src/evacuation/write_marker.ts'
import { mountVz, unmountVz } from '${root}roles/vz_restore/carrier.ts'
import { nextStep } from '${root}roles/vz_restore/decide.ts'
import { restore } from '${root}roles/vz_restore/restore.ts'

export default defineRole({
  summary: 'vz_restore, onto a plain device',
  vars: evacuationVars,
  async run({ nodes }) {
    const node = nodes.named('server1').first
    const device = '${DEVICE}'
    const uuid = (await node.$.read\`blkid -p -s UUID -o value \${device}\`.text()).trim()
    const marker = parseMarker(await node.readText('/var/lib/bringup/vz_evacuate.json'))
    const step = nextStep({ node: node.name, device, marker, keep: true, fileSystem: { type: 'ext4', uuid } })
    if (step.kind === 'refused') throw new Error(step.reason)
    if (step.kind !== 'restore') return
    await mountVz(node, { device, type: 'ext4' })
    await restore(node, { ...step, device })
    await unmountVz(node, { device, type: 'ext4' })
    const { was, copy, onto } = step
    await writeMarker(node, { phase: 'restored', was, copy, onto })
  },
})
`
const restored = (): Promise<RunResult> =>
  bringupRun(['site.yml', '-i', lab.inventory], {
    cwd: project({
      'site.yml': play().replace('[vz_evacuate]', '[restore_standin]'),
      'roles/restore_standin/role.ts': RESTORE,
    }),
  })

describe('evacuated and restored', () => {
  let before: string
  beforeAll(async () => {
    await one.fresh(EVERYTHING)
    await two.fresh('mkdir private')
    before = await treeState(one, '/vz')
  })

  test('with consent it is copied with all that files have, compared, and the devices are blank', async () => {
    const ended = await run()
    expect(ended.exitCode, ended.output).toBe(0)
    expect(await treeState(one, '/srv/vz/vz')).toBe(before)
    expect(await marker(one)).toMatchObject({ phase: 'evacuated' })
    expect(await marker(two)).toMatchObject({ phase: 'evacuated', copy: null })
    for (const node of [one, two]) {
      expect(await node.sh(`wipefs -n -p ${DEVICE}; mountpoint -q /vz && echo mounted || true`)).toBe('')
      expect(await node.sh('readlink /etc/vz; cat /etc/vz.evacuated/conf/1.conf')).toBe(
        '/vz/etc-vz\nONBOOT=yes',
      )
      expect(await node.sh('grep vz /etc/fstab')).toBe(`#${DEVICE} /vz ext4 defaults,noatime 1 2`)
      expect(await node.sh('systemctl is-active vz prl-disp; systemctl is-enabled vz prl-disp; true')).toBe(
        'inactive\ninactive\ndisabled\ndisabled',
      )
    }
    expect(await one.sh('cat /srv/vz/etc-vz/conf/1.conf; stat -c %a /srv/vz')).toBe('ONBOOT=yes\n700')
  })

  test('a device of ploop keeps its blocks of zeros, and a sparse file its holes', async () => {
    expect(before).toMatch(/holes: .*sparse \d KiB/)
    const blocks = `stat -c %b /srv/vz/vz/private/1/zeros.hdd`
    expect(Number(await one.sh(blocks)) * 512).toBeGreaterThanOrEqual(1_000_000)
  })

  test('once more, nothing is left to do', async () => {
    const ended = await run([])
    expect(ended.exitCode, ended.output).toBe(0)
    expect(ended.changed).toEqual([])
  })

  test('a file system with something in it is not written to', async () => {
    await one.sh(`mkfs.ext4 -q -F ${DEVICE}; mount ${DEVICE} /mnt; echo precious >/mnt/file; umount /mnt`)
    const ended = await restored()
    expect(ended.exitCode).toBe(2)
    expect(errorOf(ended)).toMatchObject({ code: 'REFUSED', seen: 'it holds /vz/file' })
    expect(await one.sh('cat /vz/file; umount /vz')).toBe('precious')
    expect(await marker(one)).toMatchObject({ phase: 'evacuated' })
  })

  test('all of it comes back to an empty one, with the settings', async () => {
    await one.sh(`mkfs.ext4 -q -F ${DEVICE}`)
    const ended = await restored()
    expect(ended.exitCode, ended.output).toBe(0)
    expect(await marker(one)).toMatchObject({ phase: 'restored' })
    await one.sh('mount /dev/mapper/openvz-vz /vz')
    expect(await treeState(one, '/vz')).toBe(before)
    expect(await one.sh('cat /etc/vz/conf/1.conf; stat -c %a /etc/vz/conf/1.conf; umount /vz')).toBe(
      'ONBOOT=yes\n640',
    )
    expect(await treeState(one, '/srv/vz/vz')).toBe(before)
  })
})
