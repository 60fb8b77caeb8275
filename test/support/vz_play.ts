import type { Lab } from '../../scripts/lab/raise.ts'
import type { ErrorReport } from '../../src/run/events.ts'
import { bringupRun, startBringup } from './bringup.ts'
import type { RunResult, StartedRun } from './bringup.ts'
import { project } from './project.ts'
import { vzNode, VZ_DEVICE } from './vz_node.ts'
import type { VzNode } from './vz_node.ts'

const root = new URL('../..', import.meta.url).pathname

/** Two nodes with a /vz each, and what the roles vz_evacuate and vz_restore do to them. */
export interface VzPair {
  readonly one: VzNode
  readonly two: VzNode
  run(args?: readonly string[], evacuation?: Readonly<Record<string, unknown>>): Promise<RunResult>
  start(): StartedRun
  /** The role vz_restore itself, which wants DRBD. */
  restoreRole(args?: readonly string[]): Promise<RunResult>
  /** Makes a file system on the device of the first node, as it would be made on DRBD's. */
  makeFileSystem(): Promise<unknown>
  restore(): Promise<RunResult>
  startRestore(): StartedRun
  close(): Promise<void>
}

export const CONSENTS = ['--destroy', `server1:${VZ_DEVICE}`, '--destroy', `server2:${VZ_DEVICE}`]

/** The copy is to be in /srv/vz of server1. */
const play = (role: string, evacuation: Readonly<Record<string, unknown>> = {}): string => `
- name: OpenVZ
  hosts: cluster
  vars:
    evacuation: ${JSON.stringify({ from: 'server1', to: '/srv/vz', ...evacuation })}
    drbd_resources:
      - name: r0
        nodes:
          - { name: server1, node_id: 0, address: 192.168.111.101 }
          - { name: server2, node_id: 1, address: 192.168.111.102 }
        volumes: [{ volume: 0, minor: 0, disks: { server1: ${VZ_DEVICE}, server2: ${VZ_DEVICE} } }]
  roles: [${role}]
`

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
    const device = '${VZ_DEVICE}'
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

export async function vzPair(lab: Lab): Promise<VzPair> {
  const tools = 'DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends attr acl'
  for (const node of ['server1', 'server2']) await lab.exec(node, tools)
  const [one, two] = [await vzNode(lab, 'server1'), await vzNode(lab, 'server2')]
  const line = ['site.yml', '-i', lab.inventory]
  const site = (role: string, evacuation = {}) => ({
    cwd: project({ 'site.yml': play(role, evacuation), 'roles/restore_standin/role.ts': RESTORE }),
  })
  return {
    one,
    two,
    run: (args = CONSENTS, evacuation = {}) =>
      bringupRun([...line, ...args], site('vz_evacuate', evacuation)),
    start: () => startBringup([...line, ...CONSENTS], site('vz_evacuate')),
    makeFileSystem: () => one.sh(`mkfs.ext4 -q -F ${VZ_DEVICE}`),
    restoreRole: (args = []) => bringupRun([...line, ...args], site('vz_restore')),
    restore: () => bringupRun(line, site('restore_standin')),
    startRestore: () => startBringup(line, site('restore_standin')),
    async close() {
      await one.close()
      await two.close()
    },
  }
}

/** What the run ended with. */
export function errorOf({ events }: RunResult): ErrorReport | undefined {
  const end = events.findLast((event) => event.type === 'run_end')
  return end?.type === 'run_end' ? end.error : undefined
}

export async function phaseOf(node: VzNode): Promise<string | undefined> {
  const text = await node.sh('cat /var/lib/bringup/vz_evacuate.json 2>/dev/null || echo {}')
  return (JSON.parse(text) as { phase?: string }).phase
}
