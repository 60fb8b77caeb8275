import type { RunPlan } from '../playbook/playbook.ts'
import { painter } from '../report/style.ts'
import type { Paint } from '../report/style.ts'
import { pendingIn } from '../secrets/walk.ts'
import type { CommandContext } from './context.ts'
import { processContext } from './context.ts'
import { planOnPaper } from './plan.ts'
import type { PlanArguments } from './plan.ts'
import { notesText } from './plan_text.ts'

/** `bringup validate`: all that can be wrong without connecting; secrets are not looked up. */
export async function validateCommand(
  playbook: string,
  options: PlanArguments,
  context: CommandContext = processContext(),
): Promise<number> {
  const plan = await planOnPaper(playbook, options, context)
  context.out(`${validText(plan, painter(context.colour))}\n`)
  return 0
}

/** What was found to be right, the secrets that a run will ask for, and the notes. */
export function validText(plan: RunPlan, paint: Paint): string {
  const hosts = new Set(plan.plays.flatMap((play) => play.batches.flat()))
  const roles = new Set(plan.plays.flatMap((play) => play.roles.map((role) => role.name)))
  const counts = [
    counted(plan.plays.length, 'play'),
    counted(roles.size, 'role'),
    counted(hosts.size, 'host'),
  ]
  const pending = [
    ...[...hosts].flatMap((host) => pendingIn(host.connection)),
    ...plan.plays.flatMap((play) => play.roles.flatMap((role) => [...role.vars.values()].flatMap(pendingIn))),
  ]
  const needed = [...new Set(pending.map((secret) => secret.origin))]
  return [
    `${paint('green', '✓')} ${plan.playbook} on ${plan.inventory}: ${counts.join(', ')}; nothing is wrong`,
    ...(needed.length === 0
      ? []
      : [`  a run needs ${counted(needed.length, 'secret')}: ${needed.join(', ')}`]),
    ...(plan.notes.length === 0 ? [] : [notesText(plan.notes, paint)]),
  ].join('\n')
}

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`
