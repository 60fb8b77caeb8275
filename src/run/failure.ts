import { inspect } from 'node:util'
import { asBringupError, BringupError } from '../errors.ts'
import type { ErrorDetails } from '../errors.ts'
import { unwrapRefusal } from '../shell/guard.ts'
import { placeInRole } from './role_place.ts'

/**
 * Whatever was thrown in a role, as an error that says where in the role it came from. What the role itself threw is a
 * failure of its task; what the engine threw that is not a `BringupError` is a defect of the engine.
 * @param called made where the role called the engine, for errors whose own stack begins later
 */
export function asFailure(
  error: unknown,
  { where = {}, cwd, called }: { where?: ErrorDetails; cwd: string; called?: Error },
): BringupError {
  const thrown = unwrapRefusal(error)
  const place = placeInRole(thrown instanceof Error ? thrown.stack : undefined, cwd)
  const at = (place ?? placeInRole(called?.stack, cwd))?.at
  const known = { ...where, ...(at === undefined ? {} : { at }) }
  if (thrown instanceof BringupError) return thrown.within(known)
  if (thrown instanceof Error && (place === undefined || place.throughEngine))
    return asBringupError(thrown).within(known)
  return new BringupError('TASK_FAILED', messageOf(thrown), { ...known, ...causeOf(thrown), cause: thrown })
}

/** A plain `Error` is the role's own words; the name of another kind (`TypeError`) says that the role is wrong. */
function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `the role threw ${inspect(thrown, { breakLength: Infinity })}`
  const message =
    thrown instanceof AggregateError && thrown.message === '' ? allMessages(thrown) : thrown.message
  return thrown.name === 'Error' && message !== '' ? message : `${thrown.name}: ${message}`
}

const allMessages = (error: AggregateError): string => error.errors.map(messageOf).join('; ')

function causeOf(thrown: unknown): { seen?: string } {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  return cause instanceof Error ? { seen: messageOf(cause) } : {}
}
