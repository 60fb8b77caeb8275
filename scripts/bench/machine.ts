import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { local } from '../lab/local.ts'

/** The machine that was measured on, for people: what → which. */
export type MachineText = Readonly<Record<string, string>>

export async function describeMachine(): Promise<MachineText> {
  const first = async (command: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await local({ nothrow: true })`${command}`
    return (stdout || stderr).split('\n', 1)[0]?.trim() ?? ''
  }
  const system = /^PRETTY_NAME="?(.*?)"?$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1] ?? ''
  return {
    processor: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 1024 ** 3)} GiB`,
    kernel: release(),
    system,
    node: process.version,
    ansible: (await first(['ansible-playbook', '--version'])).replace(/^.*\[core (.*)\]$/, 'ansible-core $1'),
    openssh: (await first(['ssh', '-V'])).split(',')[0] ?? '',
  }
}
