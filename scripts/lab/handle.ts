import { readFile } from 'node:fs/promises'
import { BringupError } from '../../src/errors.ts'
import { Secret } from '../../src/secret.ts'
import { accessFiles } from './access.ts'
import { freezeGroup, killGroup, nodeGroup, removeGroup } from './cgroup.ts'
import type { Hierarchies } from './cgroup.ts'
import { takeDown } from './down.ts'
import type { ExecOptions, ExecResult } from './exec.ts'
import { kindOf } from './kinds.ts'
import type { LabPlace } from './place.ts'
import { reinstall } from './reinstall.ts'
import type { SpareDisk } from './reinstall.ts'
import { machines } from './state.ts'
import type { LabNode, LabState } from './state.ts'
import type { Watch } from './watch.ts'

/** A lab that is up. With `await using`, it goes when its scope ends. */
export interface Lab extends AsyncDisposable {
  name: string
  /** Folder with the keys, consoles and settings. */
  dir: string
  /** Path of the inventory, in Ansible's YAML shape. */
  inventory: string
  knownHosts: string
  sshConfig: string
  /** Path of the private key that root, admin and ops accept. */
  key: string
  nodes: LabNode[]
  client?: LabNode
  builder?: LabNode
  /** Path of the lab's network namespace, for `nsenter --net=`. */
  netns: string
  /** What the user `admin` logs in and calls sudo with. */
  adminPassword: Secret
  /** Runs a command in a node as root, without SSH; a string is a script for sh. Never throws for its exit code. */
  exec(node: string, command: string | readonly string[], options?: ExecOptions): Promise<ExecResult>
  /** As pulling the plug: every process of the node ends at once. Its disk stays. */
  powerOff(node: string): Promise<void>
  /** Boots a node and waits until it accepts logins. */
  powerOn(node: string): Promise<void>
  isOn(node: string): Promise<boolean>
  /**
   * The node as it was when the lab was raised, in place of the one that is there, whatever became of that: its power is cut,
   * its system is a new one, and it boots. The spare disk of a virtual machine is a new one, too, or the old one is kept.
   */
  reinstall(node: string, options?: { spare?: SpareDisk }): Promise<void>
  /** Stops every process of a node where it stands, as a hung machine; its addresses still answer pings. */
  pause(node: string): Promise<void>
  resume(node: string): Promise<void>
  down(): Promise<void>
}

/** @param watch what holds the lab to this process's life, if anything does */
export async function labHandle(
  place: LabPlace,
  state: LabState,
  hierarchies: Hierarchies,
  watch?: Watch,
): Promise<Lab> {
  const files = accessFiles(place)
  const adminPassword = new Secret((await readFile(files.adminPassword, 'utf8')).trim(), files.adminPassword)

  function known(wanted: string): LabNode {
    const names = machines(state).map(({ name }) => name)
    const node = machines(state).find(({ name }) => name === wanted)
    if (node !== undefined) return node
    throw new BringupError('USAGE', `lab ${place.name} has no node "${wanted}"`, {
      remedy: `Use one of ${names.join(', ')}.`,
    })
  }

  async function down(): Promise<void> {
    await takeDown(place, state.incarnation)
    watch?.release()
  }

  async function powerOff(node: string): Promise<void> {
    const group = nodeGroup(place, known(node).name)
    await killGroup(hierarchies, group)
    await removeGroup(hierarchies, group)
  }

  async function powerOn(node: string): Promise<void> {
    const machine = known(node)
    const kind = kindOf(machine)
    if (!(await kind.isOn(place, node, hierarchies))) await kind.boot(place, machine, hierarchies)
  }

  return {
    name: place.name,
    dir: place.dir,
    inventory: files.inventory,
    knownHosts: files.knownHosts,
    sshConfig: files.sshConfig,
    key: files.key,
    nodes: state.nodes,
    ...(state.client === null ? {} : { client: state.client }),
    ...(state.builder === null ? {} : { builder: state.builder }),
    netns: place.netnsPath,
    adminPassword,
    exec: (node, command, options) =>
      kindOf(known(node)).exec(place, node, command, { ...options, hierarchies }),
    powerOff,
    powerOn,
    reinstall: async (node, { spare = 'new' } = {}) => {
      await powerOff(node)
      await reinstall(place, state, known(node), hierarchies, spare)
      await powerOn(node)
    },
    isOn: (node) => kindOf(known(node)).isOn(place, node, hierarchies),
    pause: (node) => freezeGroup(hierarchies, nodeGroup(place, known(node).name), true),
    resume: (node) => freezeGroup(hierarchies, nodeGroup(place, known(node).name), false),
    down,
    [Symbol.asyncDispose]: down,
  }
}
