import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { BringupError } from '../../src/errors.ts'
import { local, systemPath } from './local.ts'
import { withLock } from './lock.ts'

/** Commands that a lab needs on the machine that carries it, and Debian's packages that bring them. */
const labCommands = {
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  ip: 'iproute2',
  nsenter: 'util-linux',
  flock: 'util-linux',
  socat: 'socat',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  openssl: 'openssl',
} as const

/** What a lab of virtual machines needs besides. */
const machineCommands = {
  'qemu-system-x86_64': 'qemu-system-x86',
  extlinux: 'extlinux',
  sfdisk: 'fdisk',
} as const

/** What the tests need besides: hosts' other tools, and what makes their fixtures. */
const testCommands = {
  busybox: 'busybox',
  bzip2: 'bzip2',
  curl: 'curl',
  // A drill's observer may be this machine.
  ping: 'iputils-ping',
  xz: 'xz-utils',
} as const

/** What the benchmark needs besides. */
const benchCommands = {
  'ansible-playbook': 'ansible-core',
  time: 'time',
} as const

/** What a lab needs; nothing happens where it is all there. */
export async function needLabPackages(say?: (line: string) => void): Promise<void> {
  needRoot('a lab of containers')
  await needPackages(labCommands, say)
}

/** What virtual machines need. */
export async function needMachinePackages(say?: (line: string) => void): Promise<void> {
  await needPackages(machineCommands, say)
}

/** What the tests need. */
export async function needTestPackages(say?: (line: string) => void): Promise<void> {
  await needLabPackages(say)
  await needPackages(testCommands, say)
}

/** What the benchmark needs. */
export async function needBenchPackages(say?: (line: string) => void): Promise<void> {
  await needLabPackages(say)
  await needPackages(benchCommands, say)
}

/** @throws BringupError LAB_UNAVAILABLE where this process is not root's */
export function needRoot(what: string): void {
  if (process.getuid?.() === 0) return
  throw new BringupError('LAB_UNAVAILABLE', `${what} needs root (mounts, network namespaces, containers)`, {
    remedy: 'Run it as root, for example with sudo.',
  })
}

/**
 * Installs the packages of those commands that are not there.
 *
 * @param commands command → Debian package
 * @throws BringupError LAB_UNAVAILABLE without apt-get, without root, or when apt fails
 */
export async function needPackages(
  commands: Readonly<Record<string, string>>,
  say: (line: string) => void = () => undefined,
): Promise<void> {
  if ((await missingPackages(commands)).length === 0) return
  const remedyFor = (packages: string[]): string => `Install them yourself: ${packages.join(' ')}.`
  // Two processes that find the same package missing would otherwise meet in apt.
  await withLock('/run/lock/bringup-packages.lock', async () => {
    const packages = await missingPackages(commands)
    if (packages.length === 0) return
    if (!(await isCommand('apt-get'))) {
      const message = `this machine lacks ${packages.join(', ')}, and has no apt-get to install them`
      throw new BringupError('LAB_UNAVAILABLE', message, { remedy: remedyFor(packages) })
    }
    needRoot(`installing ${packages.join(', ')}`)
    say(`installing ${packages.join(', ')}`)
    const apt = local({ env: { DEBIAN_FRONTEND: 'noninteractive' }, nothrow: true })
    await apt`apt-get update -q`
    const install = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', '--no-install-recommends', 'install']
    const { exitCode, stderr } = await apt`apt-get ${install} ${packages}`
    if (exitCode === 0) return
    throw new BringupError('LAB_UNAVAILABLE', `apt-get could not install ${packages.join(', ')}`, {
      seen: stderr.trim(),
      remedy: remedyFor(packages),
    })
  })
}

async function missingPackages(commands: Readonly<Record<string, string>>): Promise<string[]> {
  const checked = await Promise.all(
    Object.entries(commands).map(async ([command, name]) => ((await isCommand(command)) ? [] : [name])),
  )
  return [...new Set(checked.flat())]
}

async function isCommand(command: string): Promise<boolean> {
  const found = await Promise.all(
    systemPath()
      .split(':')
      .map((folder) =>
        access(join(folder, command), constants.X_OK).then(
          () => true,
          () => false,
        ),
      ),
  )
  return found.includes(true)
}
