import type { Node, RoleContext } from 'bringup'
import { expect, test } from 'vitest'
import type { NodeModules } from '../../../roles/drbd_module/look.ts'
import { renewKernels } from '../../../roles/drbd_module/renew_kernels.ts'
import type { DrbdModuleVars } from '../../../roles/drbd_module/vars.ts'
import { createNodes } from '../../../src/run/nodes.ts'

const OLD = '6.1.0-50-amd64'

/** A node that runs an old kernel; what is done to it is written down. */
function machine(
  name: string,
  { devices, headers }: { devices: string[]; headers: boolean },
  done: string[],
) {
  const release = OLD
  const modules: NodeModules = {
    running: release,
    kernels: [{ release, manifest: null, sums: {}, place: null }],
    modules: [],
    devices,
    enforcing: null,
  }
  const node = {
    name,
    groups: ['all'],
    facts: {
      kernel: { release, headers: { package: `linux-headers-${release}`, path: null } },
      packageManager: 'apt',
    },
    // Neither has it, nor its package sources.
    $: { read: () => async () => ({ exitCode: headers ? 0 : 100, stdout: '' }) },
    require: async (what: string, holds: () => Promise<true | string>) => {
      if ((await holds()) !== true) throw new Error(`${name}: not ${what}`)
    },
    package: async ({ names }: { names: string[] }) => void done.push(`${name} updates ${names.join()}`),
    reboot: async () => void done.push(`${name} reboots`),
  }
  return { node: node as unknown as Node<DrbdModuleVars>, looked: { node: name, modules } }
}

async function renewed(...states: { devices: string[]; headers: boolean }[]): Promise<string[]> {
  const done: string[] = []
  const machines = states.map((state, index) => machine(`server${index + 1}`, state, done))
  const nodes = createNodes(
    machines.map(({ node }) => node),
    { fatal: true, failed: new Map(), forks: 10 },
    (_, error) => void done.push((error as Error).message),
  )
  const context = { nodes, vars: {} } as unknown as RoleContext<DrbdModuleVars>
  const wanted = { name: 'drbd-9.2.16', signed: false }
  await renewKernels(
    context,
    nodes,
    machines.map(({ looked }) => looked),
    wanted,
  ).catch(() => done.push('ended'))
  return done
}

test('kernels without headers are updated and rebooted into, one node after the other', async () => {
  expect(await renewed({ devices: [], headers: false }, { devices: [], headers: false })).toEqual([
    'server1 updates linux-image-amd64',
    'server1 reboots',
    'server2 updates linux-image-amd64',
    'server2 reboots',
  ])
})

test('nothing is, where the headers are to be had', async () => {
  expect(await renewed({ devices: [], headers: true })).toEqual([])
})

test('a node with DRBD in use is not rebooted, and none after it', async () => {
  const used = { devices: ['drbd0'], headers: false }
  expect(await renewed({ devices: [], headers: false }, used, { devices: [], headers: false })).toEqual([
    'server1 updates linux-image-amd64',
    'server1 reboots',
    'server2: not no DRBD in use before the reboot',
    'ended',
  ])
})
