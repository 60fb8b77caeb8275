import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BringupError } from '../../../src/errors.ts'
import { bringupRun } from '../../../test/support/bringup.ts'
import { placeSource } from '../../../test/support/drbd_source.ts'
import { STANDIN_VERSION, standinTarball } from '../../../test/support/standin_tarball.ts'
import { raiseLab } from '../../lab/raise.ts'
import { installOf } from './phases.ts'
import type { Install } from './phases.ts'

/** What was measured of a first install, on virtual machines and one container that compiles. */
export interface InstallResult {
  /** The module alone, for one node. */
  readonly oneNode: Install
  /** The whole cluster, of two. */
  readonly twoNodes: Install
}

const MODULE_ALONE = `- name: DRBD's module
  hosts: cluster:builder*
  roles: [drbd_module]
`

/** Raises two labs, one after the other, and installs each from nothing. */
export async function measureInstall(say: (line: string) => void): Promise<InstallResult> {
  const oneNode = await installOn(1, say)
  return { oneNode, twoNodes: await installOn(2, say) }
}

async function installOn(nodes: 1 | 2, say: (line: string) => void): Promise<Install> {
  say(`a lab with ${nodes === 1 ? 'one virtual machine' : 'two virtual machines'}`)
  await using lab = await raiseLab({
    kind: 'vms',
    nodes,
    builder: { warm: ['linux-headers-amd64', 'gcc', 'make', 'patch', 'libelf-dev'] },
    installed: ['cluster', 'drbd-utils'],
    say,
  })
  const sources = placeSource(lab, { version: STANDIN_VERSION, tarball: await standinTarball() })
  const alone = join(lab.dir, 'module.yml')
  await writeFile(alone, MODULE_ALONE)
  const args =
    nodes === 1
      ? [alone, '-i', lab.inventory]
      : ['playbooks/drbd-cluster.yml', '-i', lab.inventory, '-i', 'inventory/drbd-lab.yml']
  const env = { HACLUSTER_PASSWORD: 'correct-horse-battery' }
  const { exitCode, events, output } = await bringupRun([...args, '-i', sources], { env })
  if (exitCode !== 0)
    throw new BringupError('COMMAND_FAILED', `${args[0]} ended with ${exitCode}`, {
      seen: output.slice(-4000),
    })
  return installOf(events)
}
