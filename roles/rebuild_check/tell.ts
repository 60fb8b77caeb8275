import type { FoundPlan } from '../cluster_rejoin/find_plan.ts'
import { inWords } from '../cluster_rejoin/in_words.ts'
import type { Decision } from '../drbd_rejoin/decision.ts'

/** A DRBD resource, with what is said of its volumes. */
export interface Coming {
  readonly decision: Decision
  readonly lines: readonly string[]
}

/** What was lost, in the first line, and what follows from that, for whoever has to say go on. */
export function tell(node: string, found: Told, coming: readonly Coming[]): string[] {
  const decisions = coming.map(({ decision }) => decision)
  return [caseOf(found.plan, decisions), ...inWords(found, node), ...coming.flatMap(({ lines }) => lines)]
}

type Told = Parameters<typeof inWords>[0]

/** Which of the ways to be lost it is. */
export function caseOf({ do: step }: FoundPlan['plan'], resources: readonly Decision[]): string {
  if (step === 'replace')
    return 'another machine, or one with another name or address, takes the place of the one that was lost'
  const isCopied = resources.some(
    (one) =>
      one.kind === 'connect' && one.volumes.some(({ how }) => ['blank', 'fresh', 'anew'].includes(how)),
  )
  const is = (kind: Decision['kind']): boolean => resources.some((one) => one.kind === kind)
  if (step === 'keep')
    return isCopied
      ? 'reinstalled: its place in the cluster and its data are lost'
      : is('later')
        ? 'reinstalled: its place in the cluster is lost; whether its data are is seen once DRBD is there'
        : resources.length === 0
          ? 'its place in the cluster is lost'
          : 'it lost its place in the cluster, and nothing else'
  if (isCopied) return 'a new disk: its data are lost'
  if (step === 'start') return 'nothing is lost: its cluster has only to be started'
  if (is('connect')) return 'nothing is lost: its data have only to be brought up to date'
  return is('syncing') ? 'on its way back: its data are being copied' : 'nothing is lost'
}
