import { parseExtraVars } from '../inventory/extra_vars.ts'
import { planRun } from '../playbook/plan.ts'
import type { RunPlan } from '../playbook/playbook.ts'
import { painter } from '../report/style.ts'
import type { CommandContext } from './context.ts'
import { processContext } from './context.ts'
import { guardedPlan } from './exit_guard.ts'
import { planText } from './plan_text.ts'

export interface PlanArguments {
  readonly inventory: string | readonly string[]
  readonly limit?: string
  readonly tags?: string[]
  readonly startAt?: string
  readonly extraVars: string[]
}

/** `bringup plan`: what a run would do and on which hosts, without connecting. */
export async function planCommand(
  playbook: string,
  options: PlanArguments,
  context: CommandContext = processContext(),
): Promise<number> {
  const plan = await planOnPaper(playbook, options, context)
  context.out(`${planText(plan, painter(context.colour))}\n`)
  return 0
}

/** The plan of a run in which no secret is looked up and nobody is asked. */
export function planOnPaper(
  playbook: string,
  { inventory, extraVars, limit, tags, startAt }: PlanArguments,
  { cwd, ask, environment }: CommandContext,
): Promise<RunPlan> {
  return guardedPlan(cwd, () =>
    planRun(
      { playbook, inventory },
      {
        cwd,
        ask,
        environment,
        resolveSecrets: false,
        extraVars: parseExtraVars(extraVars, cwd),
        ...(limit === undefined ? {} : { limit }),
        ...(tags === undefined ? {} : { tags }),
        ...(startAt === undefined ? {} : { startAt }),
      },
    ),
  )
}
