import { quote } from 'zx/core'
import { collect } from '../exec.ts'
import type { ExecOptions, ExecResult } from '../exec.ts'

/**
 * Runs a command on a node over SSH, as root, for machines that cannot be entered. A node that goes away meanwhile, as
 * in a reboot, is given up after half a minute: it says no goodbye.
 */
export async function execOver(
  sshConfig: string,
  node: string,
  command: string | readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const line = typeof command === 'string' ? command : command.map((word) => quote(word)).join(' ')
  const settings = ['BatchMode=yes', 'ConnectTimeout=20', 'ServerAliveInterval=10', 'ServerAliveCountMax=3']
  const args = ['-F', sshConfig, ...settings.flatMap((setting) => ['-o', setting]), node, line]
  return collect('ssh', args, options)
}
