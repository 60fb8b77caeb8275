import type { Claim } from '../../connection/lock_claim.ts'
import type { Seconds } from '../../connection/remote.ts'
import { output } from '../../operations/host_script.ts'
import { readSets } from '../../pacemaker/cib/attribute_set.ts'
import { child } from '../../pacemaker/xml.ts'
import type { Emit } from '../../run/events.ts'
import { quote } from '../../shell/quote.ts'
import type { Obstacle } from '../planned/may_leave.ts'
import { servicesOn } from '../planned/services.ts'
import { awaitChange } from './await.ts'
import type { Change, ClusterState, Plan } from './change.ts'
import { foresee, unsyncedOn } from './foresee.ts'
import type { Forecast } from './foresee.ts'
import { freeOfDisks } from './free_of_disks.ts'
import { happened, notAsForeseen } from './happened.ts'
import type { Happened } from './happened.ts'
import { lockMembers } from './lock_members.ts'
import type { Members } from './members.ts'
import { obstaclesTo, stoppingServices } from './obstacles.ts'
import { planChange } from './plan.ts'
import { blockedIn, notReached } from './reached.ts'
import type { Expected } from './reached.ts'
import { refusal } from './refusal.ts'
import { remainsIn } from './remains.ts'
import type { Remains } from './remains.ts'
import { readState } from './state.ts'

/** What is known before anything is done. */
export interface Outlook extends Forecast {
  readonly cluster: string
  readonly via: string
  /** What was in the way, and is risked. */
  readonly risked: readonly Obstacle[]
}

export interface Outcome {
  readonly cluster: string
  readonly via: string
  /** Why there was nothing to do. */
  readonly met?: string
  readonly forecast?: Forecast
  /** Empty in a check. */
  readonly happened: readonly Happened[]
  readonly surprises: readonly string[]
  readonly remains: readonly Remains[]
  /** From the change to the cluster's rest. */
  readonly milliseconds: number
}

export interface CarryOutOptions {
  readonly check: boolean
  readonly timeout: Seconds
  /** How long to wait for another run that works on the hosts. */
  readonly wait: Seconds
  readonly claim: Claim
  /** What is accepted of an obstacle's risks. */
  readonly risks: ReadonlySet<Obstacle['risk']>
  readonly signal: AbortSignal
  readonly emit: Emit
  /** Told before anything is changed. */
  readonly foreseen: (outlook: Outlook) => void
  readonly progress: (text: string) => void
}

/**
 * Says what a change would do, does it, and waits until the cluster is at rest.
 * @throws BringupError REFUSED, LOCKED (nothing was changed); COMMAND_FAILED, NOT_MET, TIMEOUT
 */
export async function carryOut(change: Change, members: Members, options: CarryOutOptions): Promise<Outcome> {
  const { via } = members
  const { check, signal } = options
  if (!check) await lockMembers(members, options)
  const before = await readState(via.remote, signal)
  const properties = readSets(child(child(before.cib, 'configuration'), 'crm_config'), 'cluster_property_set')
  const base = { cluster: properties.get('cluster-name') ?? '', via: via.host.name }
  const plan = planChange(change, before, new Date())
  if ('met' in plan) {
    const nothing = { ...base, met: plan.met, happened: [], surprises: [], milliseconds: 0 }
    const expected: Expected = {
      change,
      services: [],
      leaving: [],
      moving: undefined,
      blocked: blockedIn(before.status),
    }
    // One that was interrupted is waited for to its end.
    const isUnderWay = !check && notReached(expected, before).length > 0
    const state = isUnderWay ? await awaitChange(via, expected, options) : before
    return { ...nothing, remains: remainsIn(state, new Date()) }
  }

  const forecast = await foresee(via, before.cib, plan.cib)
  const needsData =
    change.kind === 'standby' ||
    change.kind === 'unstandby' ||
    forecast.actions.some(({ kind }) => kind === 'promote')
  const unsynced = needsData ? await unsyncedOn(members, before) : []
  const obstacles = obstaclesTo(change, {
    state: before,
    actions: forecast.actions,
    unsynced,
    moving: plan.moving,
  })
  const risked = obstacles.filter(({ risk }) => risk !== null && options.risks.has(risk))
  options.foreseen({ ...base, ...forecast, risked })
  const forbidden = obstacles.filter((one) => !risked.includes(one))
  if (forbidden.length > 0) throw refusal(change, forbidden)
  if (check)
    return {
      ...base,
      forecast,
      happened: [],
      surprises: [],
      remains: remainsIn(asPlanned(change, before, plan.cib), new Date()),
      milliseconds: 0,
    }

  const started = performance.now()
  await apply(plan, members)
  const after = await awaitChange(via, expectedOf(change, plan, before, forecast), options)
  if (change.kind === 'standby') await freeOfDisks(change.node, members)
  return {
    ...base,
    forecast,
    happened: happened(before.status, after.status),
    surprises: notAsForeseen(forecast.actions, after.status),
    remains: remainsIn(after, new Date()),
    milliseconds: Math.round(performance.now() - started),
  }
}

/** The cluster as the change would leave it, but for what runs where. */
function asPlanned(change: Change, { status, quorum }: ClusterState, cib: ClusterState['cib']): ClusterState {
  const nodes = status.nodes.map((node) => {
    if (!('node' in change) || change.node !== node.name) return node
    if (change.kind === 'maintenance') return { ...node, maintenance: change.on }
    return change.kind === 'cleanup' ? node : { ...node, standby: change.kind === 'standby' }
  })
  return { cib, quorum, status: { ...status, nodes } }
}

async function apply({ commands }: Extract<Plan, { commands: unknown }>, { via }: Members): Promise<void> {
  for (const words of commands) {
    const command = words.map(quote).join(' ')
    // What it says besides is known already, or told better at the end.
    await output(via, `carry out ${command}`, command, [])
  }
}

function expectedOf(
  change: Change,
  { moving }: Extract<Plan, { commands: unknown }>,
  { status }: ClusterState,
  { actions }: Forecast,
): Expected {
  const stopping = new Set(stoppingServices(status, actions))
  const staying = (ids: readonly string[]): string[] => ids.filter((id) => !stopping.has(id))
  return {
    change,
    services: staying(status.nodes.flatMap(({ name }) => servicesOn(status, name))),
    leaving: change.kind === 'standby' ? staying(servicesOn(status, change.node)) : [],
    moving,
    blocked: change.kind === 'cleanup' ? [] : blockedIn(status),
  }
}
