import { BringupError } from '../../src/errors.ts'
import { local } from '../lab/local.ts'

/** How Vagrant is called: in which namespaces, and with what in its environment. */
export interface VagrantWay {
  /** Words before the command. */
  readonly enter: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** How one machine is reached, as `vagrant ssh-config` has it. */
export interface VagrantMachine {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  readonly key: string
  /** Its public host key: type and base64. */
  readonly hostKey: string
}

export function vagrant({ enter, env }: VagrantWay) {
  const words = [...enter, 'vagrant']
  return (args: readonly string[], options: { stdio?: 'inherit' } = {}) =>
    local({
      env: { ...env },
      nothrow: true,
      ...(options.stdio === undefined ? {} : { stdio: ['ignore', 'inherit', 'inherit'] }),
    })`${words} ${args}`
}

/**
 * The machines that are up.
 * @param names those that are asked for; all when left out
 * @throws BringupError LAB_FAILED where Vagrant knows of none, or one does not answer
 */
export async function vagrantMachines(
  way: VagrantWay,
  names: readonly string[] = [],
): Promise<VagrantMachine[]> {
  const { exitCode, stdout, stderr } = await vagrant(way)(['ssh-config', ...names])
  if (exitCode !== 0) {
    throw new BringupError('LAB_FAILED', 'Vagrant names no machine that is up', {
      seen: (stderr.trim() || stdout.trim()).slice(-2000),
      remedy: 'Raise the machines first: vagrant up',
    })
  }
  return Promise.all(
    parseSshConfig(stdout).map(async (machine) => ({ ...machine, hostKey: await hostKey(way, machine) })),
  )
}

/** Reads `vagrant ssh-config`: a block for each machine, ssh_config(5). */
export function parseSshConfig(text: string): Omit<VagrantMachine, 'hostKey'>[] {
  const blocks = text.split(/^(?=Host )/m).filter((block) => block.startsWith('Host '))
  return blocks.map((block) => {
    const value = (keyword: string): string => {
      const [, found] = new RegExp(`^\\s*${keyword} +"?([^"\\n]*?)"?\\s*$`, 'm').exec(block) ?? []
      if (found !== undefined) return found
      throw new BringupError('LAB_FAILED', `vagrant ssh-config says no ${keyword}`, { seen: block.trim() })
    }
    return {
      name: value('Host'),
      address: value('HostName'),
      port: Number(value('Port')),
      user: value('User'),
      key: value('IdentityFile'),
    }
  })
}

/** Asked for over the first connection, which is as much as Vagrant itself knows of whom it talks to. */
async function hostKey(
  { enter }: VagrantWay,
  { name, address, port, user, key }: Omit<VagrantMachine, 'hostKey'>,
): Promise<string> {
  const settings = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'BatchMode=yes',
    'LogLevel=ERROR',
  ]
  const options = [...settings.flatMap((setting) => ['-o', setting]), '-i', key, '-p', String(port)]
  const file = '/etc/ssh/ssh_host_ed25519_key.pub'
  const said = await local({ nothrow: true })`${enter} ssh ${options} ${`${user}@${address}`} cat ${file}`
  const [type, base64] = said.stdout.split(' ')
  if (said.exitCode === 0 && type !== undefined && base64 !== undefined) return `${type} ${base64.trim()}`
  throw new BringupError('LAB_FAILED', `${name} did not say its host key`, { seen: said.stderr.trim() })
}
