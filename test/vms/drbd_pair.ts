import { expect } from 'vitest'
import { stringify } from 'yaml'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import type { ResourceInput } from '../unit/drbd/declared.ts'

export const NODES = ['server1', 'server2']
export const RESOURCE: ResourceInput = {
  name: 'r0',
  driver: '8.4',
  first_primary: 'server1',
  nodes: [
    { name: 'server1', node_id: 0, address: '192.168.111.101' },
    { name: 'server2', node_id: 1, address: '192.168.111.102' },
  ],
  volumes: [{ volume: 0, minor: 0, disks: { server1: '/dev/vdb1', server2: '/dev/vdb1' } }],
}

/** Two virtual machines with Debian's own kernel, its DRBD 8.4, drbd-utils, and `/dev/vdb1`, which is blank. */
export interface DrbdPair {
  readonly lab: Lab
  /** Standard output of a script on a node, trimmed; it must end well. */
  say(node: string, script: string): Promise<string>
  onAll(script: string): Promise<string[]>
  /** `Connected Secondary/Secondary UpToDate/UpToDate`, as 8.4 has it. */
  state(node: string): Promise<string>
}

// A table of one partition of 64 MiB: a minimal system has no fdisk, and less is copied sooner. udev may be looking at it.
const PARTITION = `printf '\\0\\0\\0\\0\\203\\0\\0\\0\\0\\010\\0\\0\\0\\0\\002\\0' | dd of=/dev/vdb bs=1 seek=446 conv=notrunc status=none
printf '\\125\\252' | dd of=/dev/vdb bs=1 seek=510 conv=notrunc status=none
until udevadm settle && blockdev --rereadpt /dev/vdb; do sleep 1; done`

export async function raisePair(): Promise<DrbdPair> {
  const lab = await raiseLab({ nodes: 2, kind: 'vms', installed: ['drbd-utils'] })
  const say = async (node: string, script: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await lab.exec(node, script)
    expect(exitCode, `${node}: ${script}\n${stderr}`).toBe(0)
    return stdout.trim()
  }
  const onAll = (script: string): Promise<string[]> => Promise.all(NODES.map((node) => say(node, script)))
  await onAll(PARTITION)
  return {
    lab,
    say,
    onAll,
    state: (node) =>
      say(node, "sed -n 's/^ 0: cs:\\(\\S*\\) ro:\\(\\S*\\) ds:\\(\\S*\\).*/\\1 \\2 \\3/p' /proc/drbd"),
  }
}

/** A playbook with these roles behind the kernel's own DRBD, for a test; its vars are in `group_vars.yml`. */
export function pairProject({ lab }: DrbdPair, roles: readonly string[]): EngineProject {
  const project = engineProject(lab, {
    in_tree: `
  async run({ nodes }) {
    await nodes.each((node) => node.kernel_module({ name: 'drbd' }))
  },`,
  })
  project.write({
    ...pairVars(),
    'site.yml': `- name: DRBD\n  hosts: cluster\n  roles: [${['in_tree', ...roles].join(', ')}]\n`,
  })
  return project
}

/** The play's vars, for a resource with these differences. */
export const pairVars = (fields: Partial<ResourceInput> = {}, more: object = {}): Record<string, string> => ({
  'group_vars.yml': stringify({ all: { vars: { drbd_resources: [{ ...RESOURCE, ...fields }], ...more } } }),
})
