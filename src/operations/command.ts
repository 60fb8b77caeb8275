import * as z from 'zod'
import { quote } from '../shell/quote.ts'
import { runScript } from './host_script.ts'
import { operation } from './operation.ts'
import { absolutePath, plainText, secret } from './params.ts'

const words = z
  .array(z.union([z.string(), z.number().transform(String)]))
  .min(1)
  .readonly()
const script = z.string().regex(/\S/, 'must not be empty')

const params = z
  .strictObject({
    run: z.union([script, words]).describe('A command as a list of words, or a script for sh'),
    creates: absolutePath.optional().describe('Not needed when this path exists'),
    removes: absolutePath.optional().describe('Not needed when this path does not exist'),
    unless: z.union([script, words]).optional().describe('Not needed when this command ends well'),
    only_if: z.union([script, words]).optional().describe('Not needed when this command fails'),
    cwd: absolutePath.default('/'),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
    input: z.union([plainText, secret]).optional().describe('What it reads from standard input'),
    timeout: z.number().positive().optional().describe('Seconds'),
  })
  .refine(
    (want) => [want.creates, want.removes, want.unless, want.only_if].some((guard) => guard !== undefined),
    'needs a guard that tells whether it is needed: creates, removes, unless or only_if',
  )

type Want = z.output<typeof params>

export interface CommandState {
  /** The first guard that says that it is not needed, as `/etc/x exists`; null when it is needed. */
  readonly met: string | null
}

/**
 * A command that runs only while its guards say that it is needed, and must have changed that when it is done: what
 * `creates` names exists afterwards, `unless` ends well, `only_if` fails.
 */
export const command = operation('command', {
  params,
  subject: ({ run }) => (typeof run === 'string' ? (run.trim().split('\n', 1)[0] ?? '') : run.join(' ')),

  async read(context, want): Promise<CommandState> {
    const { stdout } = await runScript(context, guardScript(want), [], { cwd: '/', env: want.env })
    const met = stdout.toString().trim()
    return { met: met === '' ? null : met }
  },

  plan: ({ met }) => (met === null ? [{ summary: 'run' }] : []),

  async apply(context, _changes, want) {
    const { run, cwd, env, input, timeout } = want
    const $ = context.$({
      cwd,
      env,
      ...(input === undefined ? {} : { input }),
      ...(timeout === undefined ? {} : { timeout }),
    })
    await (typeof run === 'string' ? $`sh -c ${run}` : $`${run}`)
  },

  after: (now): CommandState => ({ met: now.met ?? 'done' }),
})

/** Says the first reason why nothing needs to be done. A guard that is a command says nothing itself. */
function guardScript({ creates, removes, unless, only_if, cwd }: Want): string {
  const checks = [
    creates && { test: `[ -e ${quote(creates)} ]`, reason: `${creates} exists` },
    removes && { test: `[ ! -e ${quote(removes)} ]`, reason: `${removes} does not exist` },
    unless && { test: `(${inDirectory(cwd, unless)})`, reason: 'what it is for is done' },
    only_if && { test: `! (${inDirectory(cwd, only_if)})`, reason: 'there is nothing to do it for' },
  ]
  return checks
    .filter((check) => check !== undefined && check !== '')
    .map(({ test, reason }) => `if ${test}; then printf '%s\\n' ${quote(reason)}; exit 0; fi`)
    .join('\n')
}

function inDirectory(cwd: string, guard: string | readonly string[]): string {
  const line = typeof guard === 'string' ? `sh -c ${quote(guard)}` : guard.map(quote).join(' ')
  return `cd ${quote(cwd)} && ${line} >/dev/null 2>&1 </dev/null`
}
