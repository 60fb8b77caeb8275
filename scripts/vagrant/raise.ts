import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes } from '../../src/connection/remote.ts'
import { BringupError } from '../../src/errors.ts'
import { proxyCommand } from '../lab/access.ts'
import { findHierarchies, makeGroup } from '../lab/cgroup.ts'
import { localIn } from '../lab/local.ts'
import { ensureBox } from './box.ts'
import { writeInventory } from './inventory.ts'
import { raiseLibvirt } from './libvirt.ts'
import { vagrant, vagrantMachines } from './machines.ts'
import type { VagrantMachine, VagrantWay } from './machines.ts'

export interface VagrantWish {
  readonly name: string
  /** 2 or 3 */
  readonly nodes: number
  /** How many of them are raised at first; all when left out. */
  readonly first?: number
  /** Of each spare disk; the Vagrantfile's when left out. */
  readonly spare?: Bytes
  /** Packages that the machines come with: an emulated one takes minutes to install a cluster's. */
  readonly installed?: readonly string[]
}

/** Machines that `vagrant up` raised in a libvirt of their own. */
export interface VagrantLab extends AsyncDisposable {
  readonly inventory: string
  readonly machines: readonly VagrantMachine[]
  readonly way: VagrantWay
  /** Path of the network namespace that they are in, for `nsenter --net=`. */
  readonly netns: string
  /**
   * Puts new machines in the place of these, or raises them for the first time, and writes the inventory anew: a new machine
   * has another host key, and may have another address to log in at.
   */
  replace(names: readonly string[]): Promise<void>
}

/**
 * Raises the project's Vagrantfile where there is neither KVM nor a public box: a box made of Debian's packages, under
 * plain QEMU, in a libvirt that ends with this process.
 *
 * @throws BringupError LAB_FAILED, LAB_UNAVAILABLE
 */
export async function raiseVagrant(
  { name, nodes, first = nodes, spare, installed = [] }: VagrantWish,
  say: (line: string) => void,
): Promise<VagrantLab> {
  const libvirt = await raiseLibvirt(name, say)
  try {
    const { dir, group } = libvirt.place
    const build = localIn(await makeGroup(await findHierarchies(), `${group}/build`))
    const box = await ensureBox(installed, { say, local: build })
    const way: VagrantWay = {
      enter: libvirt.enter,
      env: {
        VAGRANT_HOME: join(dir, 'home'),
        VAGRANT_DOTFILE_PATH: join(dir, 'dotfile'),
        VAGRANT_CHECKPOINT_DISABLE: '1',
        VAGRANT_DEFAULT_PROVIDER: 'libvirt',
        VAGRANT_CWD: join(import.meta.dirname, '../..'),
        BRINGUP_BOX: 'bringup/bookworm',
        BRINGUP_BOX_URL: `file://${box}`,
        BRINGUP_DRIVER: 'qemu',
        BRINGUP_NODES: String(nodes),
        ...(spare === undefined ? {} : { BRINGUP_SPARE: String(spare / 1024 ** 2) }),
      },
    }
    await mkdir(join(dir, 'home'))
    const all = Array.from({ length: nodes }, (_, index) => `server${index + 1}`)
    const up = new Set<string>()
    const raise = async (names: readonly string[]) => {
      await call(way, ['up', ...names])
      for (const one of names) up.add(one)
      const machines = await vagrantMachines(way, [...up])
      return { machines, inventory: await writeInventory(dir, machines, proxyCommand(libvirt.place)) }
    }
    say(`vagrant up of ${first} machines, emulated: some minutes`)
    const { machines, inventory } = await raise(all.slice(0, first))
    return {
      inventory,
      machines,
      way,
      netns: libvirt.place.netnsPath,
      async replace(names) {
        const old = names.filter((one) => up.has(one))
        if (old.length > 0) await call(way, ['destroy', '--force', ...old])
        await raise(names)
      },
      [Symbol.asyncDispose]: () => libvirt[Symbol.asyncDispose](),
    }
  } catch (error) {
    await libvirt[Symbol.asyncDispose]()
    throw error
  }
}

async function call(way: VagrantWay, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await vagrant(way)(args)
  if (exitCode === 0) return
  throw new BringupError('LAB_FAILED', `vagrant ${args[0]} failed`, {
    seen: `${stdout}\n${stderr}`.trim().slice(-4000),
  })
}
