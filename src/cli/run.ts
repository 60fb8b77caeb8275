import { dirname, relative, resolve } from 'node:path'
import { planRun } from '../playbook/plan.ts'
import type { RunPlan } from '../playbook/playbook.ts'
import { createTextReport } from '../report/text.ts'
import { createStatusLine } from '../report/status_line.ts'
import { Redactor, Secret } from '../secret.ts'
import type { Emit, TimedEvent } from '../run/events.ts'
import { execute } from '../run/execute.ts'
import { openJournal } from '../run/journal.ts'
import { leftDue } from '../run/left_due.ts'
import { outlineOf } from '../run/outline.ts'
import { whereToResume } from '../run/where_to_resume.ts'
import { parseExtraVars } from '../inventory/extra_vars.ts'
import type { Ask } from '../connection/ask.ts'
import { ask, confirm } from './ask.ts'
import { goOnCommand } from './go_on.ts'
import { earlierRun } from './earlier_run.ts'
import { guardedPlan, guardExit } from './exit_guard.ts'
import { interruptible } from './interrupt.ts'
import { version } from './version.ts'

export interface RunArguments {
  readonly inventory: string[]
  readonly check: boolean
  readonly diff: boolean
  readonly limit?: string
  readonly tags?: string[]
  readonly startAt?: string
  readonly resume: boolean
  readonly extraVars: string[]
  readonly destroy: string[]
  readonly forks: number
  readonly wait: number
  readonly output: 'text' | 'json'
  readonly acceptNew: boolean
}

/** `bringup run`: everything that can be wrong on paper is found first, then the hosts are connected. */
export async function runCommand(playbook: string, options: RunArguments): Promise<number> {
  const cwd = process.cwd()
  const runs = resolve('.bringup', 'runs')
  const earlier = options.resume ? earlierRun(playbook, options, { cwd, runs }) : null
  const startAt = options.startAt ?? earlier?.find((event) => event.type === 'run_start')?.startAt
  const redactor = new Redactor()
  // What is typed may be printed by a host as well: a password of sudo, an answer to sshd.
  const asking: Ask = async (question) => {
    const answer = await ask(question)
    if (answer !== null) redactor.add(answer)
    return answer
  }
  const plan = await guardedPlan(cwd, () =>
    planRun(
      { playbook, inventory: options.inventory },
      {
        cwd,
        resolveSecrets: true,
        ask: asking,
        extraVars: parseExtraVars(options.extraVars),
        destroy: options.destroy,
        ...(options.limit === undefined ? {} : { limit: options.limit }),
        ...(options.tags === undefined ? {} : { tags: options.tags }),
        ...(startAt === undefined ? {} : { startAt }),
      },
    ),
  )
  for (const secret of secretsOf(plan)) redactor.add(secret)

  const outline = outlineOf(plan, redactor)
  const resumes = earlier === null ? undefined : whereToResume(earlier, outline)

  const journal = openJournal(runs, new Date())
  const interrupt = interruptible()
  const ended = guardExit(cwd, 1)
  const goOn = redactor.redact(goOnCommand(playbook, options, process.env['npm_command'] === 'exec'))
  const report = createReport(options, { journal: relative(cwd, journal.file), goOn })
  if (options.output === 'json') keepConsoleOffOutput()
  // A run that can't be put on record any more ends as an interrupted one does, and still tells how on the terminal.
  const unrecorded = new AbortController()
  const emit: Emit = (event) => {
    const timed: TimedEvent = { time: new Date().toISOString(), ...event }
    if (!unrecorded.signal.aborted)
      try {
        journal.write(timed)
      } catch (error) {
        unrecorded.abort(error)
      }
    report(timed)
  }
  try {
    return await execute(plan, {
      run: journal.run,
      version: version(),
      check: options.check,
      forks: options.forks,
      signal: AbortSignal.any([interrupt.signal, unrecorded.signal]),
      redactor,
      cwd,
      projectDirectory: dirname(resolve(playbook)),
      leftDue: () => leftDue(runs, plan.inventory),
      wait: options.wait,
      outline,
      startAt,
      resumes,
      acceptNew: options.acceptNew,
      ask: asking,
      confirm,
      emit,
    })
  } finally {
    ended()
    interrupt.done()
    journal.close()
  }
}

/** Standard output is the events alone; what a role says with `console.log` goes to standard error. */
function keepConsoleOffOutput(): void {
  const { error } = console
  for (const method of ['log', 'info', 'debug', 'dir', 'table'] as const)
    console[method] = error.bind(console)
}

function createReport(
  options: RunArguments,
  told: { journal: string; goOn: string },
): (event: TimedEvent) => void {
  // Who reads the report may go away in the middle of a run (`| head`, a lost terminal); the run does not, nor the journal.
  process.stdout.on('error', () => {})
  if (options.output === 'json') return (event) => process.stdout.write(`${JSON.stringify(event)}\n`)
  return createTextReport({
    write: (text) => process.stdout.write(text),
    colour: process.stdout.hasColors?.() ?? false,
    diffs: options.diff || options.check,
    ...told,
    ...(process.stdout.isTTY ? { status: createStatusLine(process.stdout) } : {}),
  })
}

/** Every secret that the run may meet, however deep in its vars. */
function secretsOf(plan: RunPlan): Secret[] {
  const found = new Set<Secret>()
  const visit = (value: unknown): void => {
    if (value instanceof Secret) found.add(value)
    else if (Array.isArray(value)) for (const item of value) visit(item)
    else if (value !== null && typeof value === 'object') for (const item of Object.values(value)) visit(item)
  }
  for (const play of plan.plays) {
    for (const role of play.roles) for (const vars of role.vars.values()) visit(vars)
    for (const host of play.batches.flat()) visit(host.connection)
  }
  return [...found]
}
