import { spawn } from 'node:child_process'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { BringupError } from '../../src/errors.ts'
import { findHierarchies, makeGroup } from '../lab/cgroup.ts'
import { takeDown } from '../lab/down.ts'
import { local, systemPath } from '../lab/local.ts'
import { needLabPackages, needMachinePackages, needPackages, needRoot } from '../lab/packages.ts'
import { labPlace } from '../lab/place.ts'
import type { LabPlace } from '../lab/place.ts'
import { identify } from '../lab/process.ts'
import { writeState } from '../lab/state.ts'
import { waitFor } from '../lab/wait.ts'
import { watchOver } from '../lab/watch.ts'

/** Commands of a machine that runs Vagrant's own libvirt, and Debian's packages that bring them. */
const libvirtCommands = {
  // It brings Vagrant.
  vagrant: 'vagrant-libvirt',
  libvirtd: 'libvirt-daemon-system',
  virsh: 'libvirt-clients',
  dnsmasq: 'dnsmasq-base',
  'dbus-daemon': 'dbus',
  'qemu-img': 'qemu-utils',
} as const

/** A libvirt that is seen by nobody else, and ends with the process that raised it. */
export interface PrivateLibvirt extends AsyncDisposable {
  place: LabPlace
  /** Words before a command that is to see it. */
  enter: readonly string[]
}

/**
 * Runs libvirt in a network and a mount namespace of its own: its bridges, its sockets under /run, its settings and its
 * disks meet neither those of the machine nor those of another one, and all of it goes at once. It needs neither systemd
 * nor KVM.
 *
 * @throws BringupError LAB_UNAVAILABLE without root or packages, LAB_FAILED with what libvirt said
 */
export async function raiseLibvirt(name: string, say: (line: string) => void): Promise<PrivateLibvirt> {
  needRoot('a libvirt of one’s own')
  // What the box is made with, and QEMU, which libvirt only recommends.
  await needLabPackages(say)
  await needMachinePackages(say)
  await needPackages(libvirtCommands, say)
  const place = labPlace(name)
  await takeDown(place)
  await mkdir(place.dir, { recursive: true, mode: 0o700 })
  const incarnation = randomUUID()
  const owner = (await identify(process.pid)) ?? null
  const nobody = { nodes: [], client: null, builder: null }
  await writeState(place, { incarnation, release: 'bookworm', ...nobody, owner, complete: false })
  const watch = watchOver(place, incarnation)
  const end = async (): Promise<void> => {
    await takeDown(place, incarnation)
    watch.release()
  }
  try {
    await local()`ip netns add ${place.netns}`
    await local()`ip -n ${place.netns} link set lo up`
    const pid = await startLibvirt(place)
    const enter = ['nsenter', `--target=${pid}`, '--mount', '--net']
    return { place, enter, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}

/** @returns a process in the namespaces that lasts as long as they do */
async function startLibvirt(place: LabPlace): Promise<number> {
  const joins = await makeGroup(await findHierarchies(), `${place.group}/libvirt`)
  const log = join(place.dir, 'libvirt.log')
  const settings = join(place.dir, 'qemu.conf')
  await writeFile(settings, QEMU_CONF)
  const output = await open(log, 'a')
  const child = spawn(
    'nsenter',
    [
      `--net=${place.netnsPath}`,
      'unshare',
      '--mount',
      '--propagation=slave',
      'sh',
      '-c',
      START,
      'sh',
      place.dir,
    ],
    {
      detached: true,
      cwd: '/',
      stdio: ['ignore', output.fd, output.fd],
      env: { PATH: systemPath(), JOINS: joins.join(' ') },
    },
  )
  let ended = false
  child.once('exit', () => (ended = true))
  await output.close()
  child.unref()
  const { pid } = child
  if (pid === undefined) throw new BringupError('LAB_FAILED', 'nsenter could not be started')
  const answer = await waitFor(
    'libvirt to answer',
    async () => {
      if (ended) return 'ended'
      const { exitCode } = await local({
        nothrow: true,
      })`nsenter --target=${pid} --mount --net virsh -c qemu:///system version`
      return exitCode === 0 ? 'ready' : undefined
    },
    { seconds: 120, everyMs: 500 },
  )
  if (answer === 'ready') return pid
  const said = await readFile(log, 'utf8')
  throw new BringupError('LAB_FAILED', 'libvirt did not start', { seen: said.trim().slice(-2000) })
}

/** Machines run as root, without what only a machine with systemd has. */
const QEMU_CONF = `user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
namespaces = []
cgroup_controllers = []
`

/** What the machine has of libvirt is hidden, and what is made of it lies in the folder $1. */
const START = `set -eu
for group in $JOINS; do echo 0 > "$group"; done
mkdir -p "$1/etc" "$1/lib" "$1/cache" "$1/log"
cp -a /etc/libvirt/. "$1/etc"
cp "$1/qemu.conf" "$1/etc/qemu.conf"
rm -f "$1"/etc/qemu/networks/autostart/*
mount --bind "$1/etc" /etc/libvirt
mount --bind "$1/lib" /var/lib/libvirt
mount --bind "$1/cache" /var/cache/libvirt
mount --bind "$1/log" /var/log/libvirt
mount -t tmpfs -o mode=0755 run /run
mkdir -p /run/dbus /run/lock /run/libvirt
dbus-daemon --system --fork --nopidfile
virtlogd --daemon
exec libvirtd`
