import { BringupError } from 'bringup'
import type { Shell } from 'bringup'
import type { FirstPrimaryQuestion } from '../../src/drbd/first_primary/question.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { parseKernelFailure } from '../../src/drbd/status/kernel_failure.ts'

/**
 * Secondary again at once, so that nothing is left promoted: the sync goes on all the same. udev may have the device open
 * for a moment. One command for both, which goes on to its end also when the controller dies.
 */
const FULL = `drbdadm primary --force "$1" </dev/null || exit
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  said=$(drbdadm secondary "$1" </dev/null 2>&1) && exit 0
  sleep 1
done
printf '%s\\n' "$said" >&2
exit 96`

const SKIP = `name=$1; shift
for volume in "$@"; do
  drbdadm new-current-uuid --clear-bitmap "$name/$volume" </dev/null || exit
done`

/** The one act that declares a disk to be the truth. @throws BringupError COMMAND_FAILED */
export async function forceFirst(
  $: Shell,
  { name, volumes }: DrbdResource,
  how: FirstPrimaryQuestion['how'],
): Promise<void> {
  const whole = $({ unbroken: true, nothrow: true })
  const { exitCode, stdout, stderr } =
    how === 'full-sync'
      ? await whole`sh -c ${FULL} sh ${name}`
      : await whole`sh -c ${SKIP} sh ${name} ${volumes.map(({ volume }) => String(volume))}`
  if (exitCode === 0) return
  const said = `${stderr}\n${stdout}`.trim()
  const failure = parseKernelFailure(said)
  if (exitCode === 96)
    throw new BringupError('COMMAND_FAILED', `${name} was forced, and cannot be made secondary again`, {
      seen: said,
      remedy: `See who has it open (fuser -vm, lsblk); then: drbdadm secondary ${name}.`,
    })
  throw new BringupError('COMMAND_FAILED', `the first primary of ${name} could not be forced`, {
    seen: [...(failure === undefined ? [] : [failure.meaning]), said].join('\n'),
    remedy: failure?.remedy ?? 'See the kernel log of this moment: journalctl -k.',
  })
}
