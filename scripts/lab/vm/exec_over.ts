import { quote } from 'zx/core'
import { collect } from '../exec.ts'
import type { ExecOptions, ExecResult } from '../exec.ts'

/**
 * Runs a command on a node over SSH, as root, for machines that cannot be entered. One connection is kept for a minute,
 * since a login takes an emulated machine seconds.
 */
export async function execOver(
  sshConfig: string,
  node: string,
  command: string | readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const line = typeof command === 'string' ? command : command.map((word) => quote(word)).join(' ')
  const args = ['-F', sshConfig, '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=20', node, line]
  return collect('ssh', args, options)
}
