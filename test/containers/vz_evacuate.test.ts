import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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

describe('from the beginning', () => {
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

  test('once more, nothing is left to do', async () => {
    const ended = await run([])
    expect(ended.exitCode, ended.output).toBe(0)
    expect(ended.changed).toEqual([])
  })
})
