import * as z from 'zod'
import { adjustSteps } from '../drbd/adjust.ts'
import { explainFailure } from '../drbd/build_failure.ts'
import { resourcesSchema } from '../drbd/resource_schema.ts'
import type { Said } from '../drbd/status/generation.ts'
import { parseKernelFailure } from '../drbd/status/kernel_failure.ts'
import { granted } from '../drbd/verdict.ts'
import { BringupError } from '../errors.ts'
import { STAGE, stagedArguments } from './drbd_staged.ts'
import { runScript } from './host_script.ts'
import { operation } from './operation.ts'
import type { Change } from './operation.ts'

const params = z.strictObject({
  resource: z.string().describe('The name of one of them'),
  resources: resourcesSchema,
})

// Before anything else: every drbdsetup loads the module where there is none.
const SCRIPT = `${STAGE}
[ -e /proc/drbd ] && command -v drbdadm >/dev/null || exit 96
if drbdsetup show "$1" </dev/null 2>/dev/null | grep -q '^resource'; then state=up; else state=down; fi
printf 'dry run\\0%s\\0' "$state"
drbdadm -c "$folder/drbd.conf" -d adjust "$1" </dev/null`

export interface DrbdAdjustState {
  /** Null where no module is loaded, or drbdadm is not there yet. */
  readonly dryRun: Said | null
  readonly isUp: boolean
}

/**
 * A resource as its configuration says, in the kernel of one node: up, attached, connecting, with these options. What
 * `drbdadm adjust` would run is the plan.
 */
export const drbdAdjust = operation('drbd_adjust', {
  params,
  subject: ({ resource }) => resource,

  async read(context, { resource, resources }): Promise<DrbdAdjustState> {
    const script = await runScript(context, SCRIPT, [...stagedArguments(resources), resource])
    if (script.code === 96) return { dryRun: null, isUp: false }
    const [state = '', stdout = ''] = script.stdout.toString('utf8').split('dry run\0').at(-1)!.split('\0')
    return {
      dryRun: { exitCode: script.code, stdout, stderr: script.stderr.toString('utf8') },
      isUp: state === 'up',
    }
  },

  plan({ dryRun, isUp }, { resource }): Change[] {
    if (dryRun === null) return [{ summary: `bring up ${resource} (DRBD is not there yet)` }]
    return granted(adjustSteps(resource, dryRun, isUp)).steps.map((summary) => ({ summary }))
  },

  async apply({ $ }, _changes, { resource }) {
    const { exitCode, stdout, stderr } = await $({
      nothrow: true,
      unbroken: true,
    })`drbdadm adjust ${resource} </dev/null`
    if (exitCode === 0) return
    const said = `${stderr}\n${stdout}`
    const failure = parseKernelFailure(said)
    const { meaning, remedy, lines } = explainFailure(said)
    throw new BringupError('COMMAND_FAILED', `${resource} could not be adjusted`, {
      seen: [failure?.meaning ?? meaning, ...lines].filter((line) => line !== null).join('\n'),
      remedy: failure?.remedy ?? remedy ?? 'See the kernel log of this moment: journalctl -k.',
    })
  },

  after: (): DrbdAdjustState => ({ dryRun: { exitCode: 0, stdout: '', stderr: '' }, isUp: true }),
})
