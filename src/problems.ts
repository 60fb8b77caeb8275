import { BringupError, BringupErrors } from './errors.ts'
import type { ErrorCode, ErrorDetails } from './errors.ts'
import { hostList } from './inventory/host_list.ts'

/** More than this is no longer read, and comes from one cause. */
const SHOWN = 50
const KEPT = 1000

/** Collects what is wrong, so that one run of a command reports all of it; see {@link createProblems}. */
export interface Problems {
  add(code: ErrorCode, message: string, details?: ErrorDetails): void
  /** As `add`, for some hosts; what is wrong in the same way for others becomes one problem that lists them all. */
  addFor(
    hosts: readonly string[],
    code: ErrorCode,
    message: (hosts: string) => string,
    details?: ErrorDetails,
  ): void
  /** Takes up an error that was thrown; anything that is not ours is thrown on. */
  take(thrown: unknown): void
  readonly count: number
  /** @throws BringupErrors with all problems so far, file by file in the order met, each file from top to bottom */
  throwIfAny(): void
}

interface Finding {
  readonly hosts: Set<string>
  /** Made late: an error is dear, and of nonsense there may be a million. */
  readonly error: (hosts: readonly string[]) => BringupError
}

/** @returns an empty collection; the same problem at the same place is kept once */
export function createProblems(): Problems {
  const found = new Map<string, Finding>()
  let left = 0
  const keep = (
    code: ErrorCode,
    message: string,
    { at, role, expected, seen }: ErrorDetails,
    hosts: readonly string[],
    error: Finding['error'],
  ): void => {
    const key = JSON.stringify([code, message, at?.file, at?.line, at?.column, role, expected, seen])
    const known = found.get(key)
    if (known !== undefined) for (const host of hosts) known.hosts.add(host)
    else if (found.size < KEPT) found.set(key, { hosts: new Set(hosts), error })
    else left += 1
  }
  const takeOne = (error: BringupError): void =>
    keep(error.code, error.message, error.details, [], () => error)
  return {
    add: (code, message, details = {}) =>
      keep(code, message, details, [], () => new BringupError(code, message, details)),
    addFor: (hosts, code, message, details = {}) =>
      keep(code, message(''), details, hosts, (all) => {
        const host = hostList(all.toSorted(byNumber))
        return new BringupError(code, message(host), { ...details, host })
      }),
    take(thrown) {
      if (thrown instanceof BringupErrors) for (const problem of thrown.problems) takeOne(problem)
      else if (thrown instanceof BringupError) takeOne(thrown)
      else throw thrown
    },
    get count() {
      return found.size + left
    },
    throwIfAny() {
      const errors = inFileOrder([...found.values()].map(({ hosts, error }) => error([...hosts])))
      if (errors.length > SHOWN) {
        const rest = `and ${errors.length + left - SHOWN} more problems`
        errors.splice(
          SHOWN,
          errors.length,
          new BringupError(errors[SHOWN]!.code, rest, { remedy: 'Correct these first.' }),
        )
      }
      if (errors.length > 0) throw new BringupErrors(errors)
    },
  }
}

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

function inFileOrder(problems: BringupError[]): BringupError[] {
  const files = [...new Set(problems.map(({ details }) => details.at?.file))]
  const rank = ({ details: { at } }: BringupError): [number, number, number] => [
    files.indexOf(at?.file),
    at?.line ?? 0,
    at?.column ?? 0,
  ]
  return problems.toSorted((a, b) => {
    const [left, right] = [rank(a), rank(b)]
    return left[0] - right[0] || left[1] - right[1] || left[2] - right[2]
  })
}
