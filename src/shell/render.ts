import { BringupError } from '../errors.ts'
import { Secret } from '../secret.ts'
import { quote } from './quote.ts'

/**
 * Puts a command together from a template: each value becomes one quoted word, a list as many, the output of an
 * earlier command its text without the last newline.
 * @throws BringupError SECRET_EXPOSED for a secret; ROLE_INVALID for what is no word (`undefined` in a path is how the
 *   wrong directory gets removed)
 */
export function renderCommand(pieces: readonly string[], values: readonly unknown[]): string {
  return pieces.reduce((command, piece, index) => command + rendered(values[index - 1], index) + piece)
}

function rendered(value: unknown, position: number): string {
  if (Array.isArray(value)) return value.map((item: unknown) => rendered(item, position)).join(' ')
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number' || typeof value === 'bigint') return quote(String(value))
  if (value instanceof Secret)
    throw new BringupError('SECRET_EXPOSED', `a secret (${value.origin}) stands in a command's text`, {
      remedy:
        'Pass it as input, which nobody can list: $({ input: secret })`passwd --stdin …`, or write it to a file.',
    })
  if (typeof value === 'object' && value !== null && 'stdout' in value && typeof value.stdout === 'string')
    return quote(value.stdout.replace(/\n$/, ''))
  throw new BringupError('ROLE_INVALID', `value ${position} of a command is no word`, {
    seen: value instanceof Promise ? 'a promise' : describe(value),
    remedy: 'Give strings, numbers, or lists of them; `await` what is still to come.',
  })
}

function describe(value: unknown): string {
  return value === null ? 'null' : typeof value
}
