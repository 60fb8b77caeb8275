import { spawn } from 'node:child_process'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Bytes } from '../../../src/connection/remote.ts'
import { BringupError } from '../../../src/errors.ts'
import { accessFiles } from '../access.ts'
import { baseLock, ensureBase } from '../base.ts'
import { groupProcesses, makeGroup, nodeGroup } from '../cgroup.ts'
import { isOff } from '../kind.ts'
import type { MachineKind } from '../kind.ts'
import { local, systemPath } from '../local.ts'
import { withLock } from '../lock.ts'
import { mountsBelow } from '../mounts.ts'
import { consoleLog, nodeDisk } from '../place.ts'
import type { LabPlace } from '../place.ts'
import type { LabNode } from '../state.ts'
import { waitFor } from '../wait.ts'
import { warmLayers } from '../warm.ts'
import { execOver } from './exec_over.ts'
import { ensureImage } from './image.ts'
import { mountDisk, unmountDisk } from './mounted_disk.ts'
import { disk, makeCard, qemu } from './qemu.ts'

/** The disk that a cluster's data may go to. */
const SPARE: Bytes = 512 * 1024 ** 2

/**
 * Virtual machines with Debian's own kernel, emulated in software where there is no KVM that works: half a minute to boot,
 * a tenth of the speed, but with modules, watchdogs, reboots and disks.
 */
export const vms: MachineKind = {
  networkInterface: 'eth0',

  async openDisks(place, nodes, release, builder) {
    await withLock(
      baseLock(release, 'vms'),
      async () => {
        const base = await ensureBase(release, 'vms', builder)
        for (const { name, warm, installed } of nodes) {
          const layers = await warmLayers(base, [...warm, ...installed], builder)
          const image = await ensureImage(base, layers, installed, builder)
          const { root } = nodeDisk(place, name)
          await mkdir(root, { recursive: true })
          await builder.local()`cp --sparse=always ${image} ${disk(place, name, 'system')}`
          await builder.local()`truncate -s ${SPARE} ${disk(place, name, 'spare')}`
          await mountDisk(disk(place, name, 'system'), root, builder)
        }
      },
      () => builder.say(`waiting for another process that makes the ${release} image`),
    )
  },

  async boot(place, node, hierarchies) {
    // Where it was furnished; not when it is powered on again.
    const { root } = nodeDisk(place, node.name)
    if ((await mountsBelow(root)).length > 0)
      await unmountDisk(disk(place, node.name, 'system'), root, { local })
    const log = consoleLog(place, node.name)
    await mkdir(dirname(log), { recursive: true })
    const machine = await makeGroup(hierarchies, machineGroup(place, node.name))
    await makeCard(place, node.name)
    const output = await open(log, 'a')
    const { size: before } = await output.stat()
    const child = spawn('sh', ['-c', START, 'sh', ...qemu(place, node)], {
      detached: true,
      cwd: '/',
      stdio: ['ignore', output.fd, output.fd],
      env: { PATH: systemPath(), MACHINE: machine.join(' ') },
    })
    let ended = false
    child.once('exit', () => (ended = true))
    await output.close()
    child.unref()
    const ready = await waitFor(
      `${node.name} to take logins`,
      async () => (ended ? 'ended' : (await takesLogins(place, node)) ? 'ready' : undefined),
      { seconds: 900, everyMs: 500 },
    )
    if (ready === 'ready') return
    const said = (await readFile(log)).subarray(before).toString('utf8').trim()
    throw new BringupError('LAB_FAILED', `${node.name} did not boot`, { seen: said.slice(-2000) })
  },

  isOn: async (place, node, hierarchies) =>
    (await groupProcesses(hierarchies, machineGroup(place, node))).length > 0,

  async exec(place, node, command, { hierarchies, ...options }) {
    if (!(await vms.isOn(place, node, hierarchies))) throw isOff(place, node)
    return execOver(accessFiles(place).sshConfig, node, command, options)
  },
}

/** Asks sshd for its greeting, and then for a login: the second takes seconds, and is asked for once. */
async function takesLogins(place: LabPlace, { name, address }: LabNode): Promise<boolean> {
  const way = [
    'nsenter',
    `--net=${place.netnsPath}`,
    'socat',
    '-T3',
    '-',
    `TCP:${address}:22,connect-timeout=2`,
  ]
  const greeting = await local({ nothrow: true, input: '' })`${way}`
  if (!greeting.stdout.startsWith('SSH-2.0')) return false
  const { exitCode } = await execOver(accessFiles(place).sshConfig, name, 'true')
  return exitCode === 0
}

const machineGroup = (place: LabPlace, node: string): string => `${nodeGroup(place, node)}/machine`

/** Joins its groups before it does anything, so that nothing of a node is ever outside of them. */
const START = 'for group in $MACHINE; do echo 0 > "$group" || exit; done; exec "$@"'
