import type { ClusterStatus, FencingAction } from '../../pacemaker/crm_mon.ts'
import type { HostView } from './host_view.ts'
import type { PowerAnswer } from './power.ts'

export interface GoneQuestion {
  /** The member whose place the machine takes. */
  readonly gone: string
  /** The machine. */
  readonly target: Pick<HostView, 'host' | 'authkey'>
  readonly survivors: readonly Pick<HostView, 'host' | 'authkey' | 'status'>[]
  /** What fence devices say about the member's power. */
  readonly power: readonly PowerAnswer[]
  /** The operator's word, as `dead_node`: the name of the node that does not run. */
  readonly word: string | undefined
}

export type Proof =
  | { readonly proven: true; readonly by: string }
  | { readonly proven: false; readonly seen: string; readonly remedy: string }

/**
 * Whether a member's old instance is proven not to run, so that another machine may take its place: the survivors fenced
 * it, its power is off, the machine is that member itself (it has the cluster's key), or the operator says so, by name.
 * That it does not answer proves nothing.
 */
export function provenGone({ gone, target, survivors, power, word }: GoneQuestion): Proof {
  const not = (seen: string, remedy: string): Proof => ({ proven: false, seen, remedy })
  const online = survivors.find(({ status }) => nodeOf(status, gone)?.online)
  if (online !== undefined)
    return not(
      `${gone} is online for ${online.host}`,
      `It runs: stop it (pcs cluster stop ${gone}), or rebuild another node.`,
    )
  if (word !== undefined && word !== gone)
    return not(
      `dead_node says ${word}, and it is ${gone} whose place is taken`,
      `Which of the two is dead? Correct dead_node, or --limit; nothing was changed.`,
    )
  const key = survivors[0]?.authkey
  if (target.host === gone && key !== undefined && target.authkey === key)
    return { proven: true, by: `the machine that answers is ${gone}: it has the cluster's key` }
  const blocked = survivors.find(({ status }) => status?.fencingEnabled && nodeOf(status, gone)?.unclean)
  if (blocked !== undefined)
    return not(
      `${blocked.host} has not succeeded in fencing ${gone}, and holds back what ran there${lastText(survivors, gone)}`,
      `Wait where it is still under way. Where its fence device does not work: see with your own eyes that ${gone} is off, then tell the cluster (pcs stonith confirm ${gone}), and run this again.`,
    )
  const fenced = survivors.find(({ status }) => status !== undefined && isFenced(status, gone))
  const event = fenced?.status && lastFencing(fenced.status, gone)
  if (fenced !== undefined && event !== undefined)
    return { proven: true, by: `${fenced.host} fenced ${gone} (${event.action}${when(event)})` }
  // All of them: a machine with two power supplies runs on either.
  const [off] = power
  if (off !== undefined && power.every(({ state }) => state === 'off'))
    return { proven: true, by: `its power is off, says ${off.device}, asked by ${off.asked}` }
  if (word === gone) return { proven: true, by: `the operator's word: dead_node is ${gone}` }
  return not(
    [
      `nothing proves that ${gone} does not run any more`,
      ...survivors.map(({ host, status }) => `fencing, by ${host}: ${fencingText(status, gone)}`),
      ...(power.length === 0 ? ['power: no fence device tells'] : power.map(powerText)),
      target.host === gone
        ? `the machine at its address does not have the cluster's key: it may be another one`
        : `${target.host} is another machine`,
    ].join('\n'),
    `See that ${gone} is off, or cut off from network and disks, with your own eyes. Then say so by name: -e dead_node=${gone}`,
  )
}

const nodeOf = (status: ClusterStatus | undefined, name: string) =>
  status?.nodes.find((node) => node.name === name)

/**
 * Without fencing a node that is lost counts as dead at once, and an old record is about an earlier time. With it, one
 * whose fencing failed stays unclean.
 */
function isFenced(status: ClusterStatus, gone: string): boolean {
  const last = lastFencing(status, gone)
  return status.fencingEnabled && last?.status === 'success' && ['off', 'reboot'].includes(last.action)
}

/** The last one, whatever became of it. Those under way have no time, and are the newest. */
function lastFencing({ fencing }: ClusterStatus, gone: string): FencingAction | undefined {
  const time = ({ completed }: FencingAction): number => {
    const parsed = completed === undefined ? Number.NaN : Date.parse(completed)
    return Number.isNaN(parsed) ? Number.POSITIVE_INFINITY : parsed
  }
  // crm_mon tells the newest first, and the sort is stable.
  return fencing.filter(({ target }) => target === gone).toSorted((a, b) => order(time(b), time(a)))[0]
}

const order = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

function fencingText(status: ClusterStatus | undefined, gone: string): string {
  if (status === undefined) return 'it does not tell'
  if (!status.fencingEnabled) return 'it is switched off (stonith-enabled)'
  const last = lastFencing(status, gone)
  return last === undefined ? 'none is on record' : `${last.action} ${last.status}${when(last)}`
}

function lastText(survivors: GoneQuestion['survivors'], gone: string): string {
  const said = survivors.flatMap(({ status }) => (status && lastFencing(status, gone)) ?? [])
  return said[0] === undefined ? '' : ` (${said[0].action} ${said[0].status}${when(said[0])})`
}

const when = ({ completed }: FencingAction): string => (completed === undefined ? '' : `, ${completed}`)

const powerText = ({ device, asked, state, said }: PowerAnswer): string =>
  `power, says ${device}, asked by ${asked}: ${state}${said === '' ? '' : ` (${said})`}`
