import { BringupError } from 'bringup'
import type { Node } from 'bringup'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { parseKernelFailure } from '../../src/drbd/status/kernel_failure.ts'
import { drbdReport } from '../../src/operations/drbd_report.ts'
import type { HealVars } from './vars.ts'

// The kernel itself refuses the first of them where somebody has the device open; nothing was done then.
const DOWN = `drbdadm secondary "$1" </dev/null || exit 95
drbdadm disconnect "$1" </dev/null || :
drbdadm down "$1" </dev/null`

/** The victim's resource is down: only then its bitmaps are on its disk, and nobody writes to it. */
export async function takeDown(node: Node<HealVars>, resource: DrbdResource): Promise<void> {
  const { name } = resource
  await node.task(`${name} is down on ${node.name}`, {
    met: async () => {
      const { resource: state } = await drbdReport(node, resource)
      return state === undefined || `take it down, which is ${state.role} and of which nothing is in use`
    },
    apply: async ({ $ }) => {
      const { exitCode, stdout, stderr } = await $({
        unbroken: true,
        nothrow: true,
      })`sh -c ${DOWN} sh ${name}`
      if (exitCode === 0) return
      const said = `${stderr}\n${stdout}`.trim()
      const failure = parseKernelFailure(said)
      throw new BringupError(
        exitCode === 95 ? 'BUSY' : 'COMMAND_FAILED',
        `${name} cannot be ${exitCode === 95 ? 'made secondary' : 'taken down'} on ${node.name}`,
        {
          seen: [...(failure === undefined ? [] : [failure.meaning]), said].join('\n'),
          remedy: `Nothing was lost. ${failure?.remedy ?? 'See the kernel log of this moment: journalctl -k.'}`,
        },
      )
    },
  })
}
