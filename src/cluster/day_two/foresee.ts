import { BringupError } from '../../errors.ts'
import { notInSync } from '../../operations/drbd_in_step.ts'
import { actionText } from '../../pacemaker/crm_simulate.ts'
import type { PlannedAction } from '../../pacemaker/crm_simulate.ts'
import type { XmlElement } from '../../pacemaker/xml.ts'
import { createShell } from '../../shell/create.ts'
import { simulate } from '../simulate.ts'
import type { ClusterState } from './change.ts'
import type { Member, Members } from './members.ts'
import { hasDrbd } from './names.ts'

/** What the cluster would do: because of a change, and anyway. */
export interface Forecast {
  readonly actions: readonly PlannedAction[]
  /** What is under way, or about to be, whether or not the change is made. */
  readonly anyway: readonly PlannedAction[]
}

/** @throws BringupError COMMAND_FAILED where Pacemaker does not take the CIB */
export async function foresee(via: Member, now: XmlElement, next: XmlElement): Promise<Forecast> {
  const [changed, unchanged] = await Promise.all([simulate(via, next), simulate(via, now)])
  for (const one of [changed, unchanged])
    if ('wrong' in one)
      throw new BringupError('COMMAND_FAILED', 'Pacemaker can not say what it would do', {
        host: via.host.name,
        seen: one.wrong,
        remedy: 'See there what is wrong with the configuration: crm_verify -LV.',
      })
  const anyway = 'actions' in unchanged ? unchanged.actions : []
  const all = 'actions' in changed ? changed.actions : []
  const known = new Set(anyway.map(actionText))
  return { actions: all.filter((action) => !known.has(actionText(action))), anyway }
}

/** What of DRBD is not in step, as each node sees it; one that runs and can't be asked is in doubt, where there is DRBD. */
export async function unsyncedOn(
  members: Members,
  { cib, status }: ClusterState,
): Promise<(readonly [node: string, text: string])[]> {
  const asked = await members.all()
  const said = await Promise.all(
    asked.map(async ({ host, remote }) => {
      const shell = createShell({ remote, mode: 'run', record: () => {} })
      const found = await notInSync(shell.read({ timeout: 60 }))
      return found.map((text) => [host.name, text] as const)
    }),
  )
  const doubted = status.nodes.filter(({ name, online }) => online && members.missed.has(name))
  return [
    ...said.flat(),
    ...(hasDrbd(cib) ? doubted.map(({ name }) => [name, 'could not be asked for its DRBD'] as const) : []),
  ]
}
