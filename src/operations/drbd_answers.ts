import type { KernelAnswers } from '../drbd/status/kernel_state.ts'
import type { Tag } from '../shell/shell.ts'

const SCRIPT = `
[ -r /proc/drbd ] || exit 0
cat /proc/drbd
! grep -q '^version: 8\\.' /proc/drbd && command -v drbdsetup >/dev/null || exit 0
echo '=== status'
drbdsetup status --json`

/**
 * Asks the kernel of a node about DRBD, in one round trip. No module is loaded by it.
 *
 * @throws BringupError COMMAND_FAILED when drbdsetup does not answer
 */
export async function drbdAnswers(read: Tag): Promise<KernelAnswers> {
  const { stdout } = await read`sh -c ${SCRIPT}`
  const [procDrbd = '', status] = stdout.split('=== status\n')
  return { procDrbd, status }
}
