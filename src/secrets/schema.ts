import * as z from 'zod'
import { Secret } from '../secret.ts'
import { PendingSecret } from './pending.ts'

export interface SecretOptions {
  /** In characters; 1 when left out, so that nothing is ever empty by mistake. */
  minLength?: number
  maxLength?: number
  /** No line ends in it, as in passwords that a program reads as one line. */
  singleLine?: boolean
  /** Anything else, as a sentence of what it must be (`must be …`), or null; the secret is not shown with it. */
  check?: (value: string) => string | null
}

/**
 * The schema of a var that must not be seen. It takes a `Secret` (`!env`, `!file`, `!prompt`, `!age` in YAML) or plain
 * text, and gives out a {@link Secret}. Editors see text.
 */
export function secret(options: SecretOptions = {}): z.ZodType<Secret, Secret | string> {
  const { minLength = 1 } = options
  // zod can not show an instance of a class as JSON Schema, nor a transform: so the ends of this pipe are untyped, and
  // say for themselves that they are text. Nothing about its length: to an editor, `!env NAME` is the text `NAME`.
  const text = z.unknown().meta({ type: 'string', writeOnly: true })
  const checked = text.transform((value, context) => {
    const wrong = (message: string): typeof z.NEVER => {
      context.issues.push({ code: 'custom', message, input: value, params: { secret: true } })
      return z.NEVER
    }
    if (value === undefined)
      return (void context.issues.push({ code: 'invalid_type', expected: 'string', input: value }), z.NEVER)
    // Its value is not there yet; the vars are checked again when it is.
    if (value instanceof PendingSecret) return value
    if (!(value instanceof Secret) && typeof value !== 'string')
      return wrong('must be text in quotes, or !env, !file, !prompt or !age')
    const found = value instanceof Secret ? value : new Secret(value, 'written in clear')
    const problem = secretProblem(found.reveal(), { ...options, minLength })
    return problem === null ? found : wrong(problem)
  })
  const given = z.unknown().meta({ type: 'string', writeOnly: true }) as z.ZodType as z.ZodType<
    Secret,
    Secret
  >
  return checked.pipe(given) as z.ZodType as z.ZodType<Secret, Secret | string>
}

function secretProblem(value: string, options: SecretOptions & { minLength: number }): string | null {
  const { length } = value
  if (length < options.minLength)
    return options.minLength === 1
      ? 'must not be empty'
      : `must be at least ${options.minLength} characters long`
  if (options.maxLength !== undefined && length > options.maxLength)
    return `must be at most ${options.maxLength} characters long`
  if (options.singleLine && /[\n\r]/.test(value)) return 'must be a single line'
  return options.check?.(value) ?? null
}
