import { setTimeout as pause } from 'node:timers/promises'
import { BringupError } from '../errors.ts'
import { runScript } from '../operations/host_script.ts'
import type { ApplyContext } from '../operations/operation.ts'
import { PATCH_SCRIPT, patchInput, patchOutcome } from '../pacemaker/cib/patch.ts'
import type { PatchOutcome } from '../pacemaker/cib/patch.ts'
import { reconcile } from '../pacemaker/cib/reconcile.ts'
import type { Cib } from '../pacemaker/cib/schema.ts'
import { renderXml } from '../pacemaker/xml.ts'
import type { XmlElement } from '../pacemaker/xml.ts'
import { Secret } from '../secret.ts'
import { adviceOf, queryCluster } from './read_cib.ts'
import type { CibState } from './read_cib.ts'

/** Every change of a resource's state moves the CIB on, so that in a cluster under way a few tries are needed. */
const TRIES = 10

/**
 * Brings the live CIB to what is wanted, as one patch against exactly the CIB that was read; where that has moved on
 * meanwhile, reads it again and plans anew. Ends when a CIB was read that is as wanted.
 */
export async function patchCib(context: ApplyContext, want: Cib, now: CibState): Promise<void> {
  let live = now.cib
  let last: PatchOutcome | undefined
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const { cib: next, differences } = reconcile(live, want, adviceOf(now))
    if (differences.length === 0) return
    last = await patch(context, live, next)
    if (last.kind === 'invalid') throw invalid(last.text)
    if (last.kind === 'failed') throw failed(last.text)
    if (last.kind !== 'sent') await pause(200 * attempt, undefined, { signal: context.signal })
    live = (await queryCluster(context))?.cib ?? live
  }
  if (reconcile(live, want, adviceOf(now)).differences.length === 0) return
  throw new BringupError(
    'NOT_MET',
    `the cluster's configuration changed ${TRIES} times while it was to be changed`,
    {
      seen: last?.kind === 'unknown' ? last.text : (last?.kind ?? ''),
      remedy:
        'Something else keeps changing the CIB (a resource that flaps, another administrator): see crm_mon -1.',
    },
  )
}

async function patch(context: ApplyContext, live: XmlElement, next: XmlElement): Promise<PatchOutcome> {
  const stdin = new Secret(patchInput(renderXml(live), renderXml(next)), 'the new CIB')
  const { code, stderr } = await runScript(context, PATCH_SCRIPT, [], { stdin })
  return patchOutcome(code, stderr.toString())
}

function invalid(text: string): BringupError {
  return new BringupError('REFUSED', 'the cluster would not accept the configuration', {
    seen: text,
    remedy: 'Correct what is declared; nothing was changed.',
  })
}

function failed(text: string): BringupError {
  return new BringupError('COMMAND_FAILED', 'the configuration could not be applied', {
    seen: text,
    remedy: 'Run crm_verify -LV on the node, then this again.',
  })
}
