import type { DrbdNodeReport } from '../status/node_report.ts'
import { connectionTo } from './relations.ts'

/** What an operator types to give up what only one node has. */
export const healCommand = (victim: string): string =>
  `bringup run playbooks/heal-split-brain.yml -i INVENTORY -e victim=${victim}`

/** The step that comes before anything is lost. */
export const SAVE = 'save what only this node has'

/** What is done with DRBD, in order, as somebody would by hand; what only the victim has is saved in the middle. */
export function byHand(
  name: string,
  victim: DrbdNodeReport,
  survivors: readonly DrbdNodeReport[],
): { node: string; what: string }[] {
  const { node, resource } = victim
  const before = [
    ...(resource === undefined ? [] : [`drbdadm disconnect ${name}`]),
    ...(resource?.role === 'Primary' ? [`drbdadm secondary ${name}`] : []),
    ...(resource === undefined ? [] : [`drbdadm down ${name}`]),
  ]
  const alone = survivors.filter((one) => connectionTo(one, node)?.state === 'StandAlone')
  return [
    ...before.map((what) => ({ node, what })),
    { node, what: SAVE },
    { node, what: `drbdadm connect --discard-my-data ${name}` },
    ...alone.map((one) => ({ node: one.node, what: `drbdadm connect ${name}` })),
  ]
}
