import { BringupError, BringupErrors } from './errors.ts'
import type { ErrorCode, ErrorDetails } from './errors.ts'

/** Collects what is wrong, so that one run of a command reports all of it; see {@link createProblems}. */
export interface Problems {
  add(code: ErrorCode, message: string, details?: ErrorDetails): void
  /** Takes up an error that was thrown; anything that is not ours is thrown on. */
  take(thrown: unknown): void
  readonly count: number
  /** @throws BringupErrors with all problems so far, file by file in reading order, each file from top to bottom */
  throwIfAny(): void
}

/** @returns an empty collection; the same problem at the same place is kept once */
export function createProblems(): Problems {
  const found = new Map<string, BringupError>()
  const keep = (error: BringupError): void => {
    const { at } = error.details
    const key = `${error.code} ${at?.file}:${at?.line}:${at?.column} ${error.message} ${error.details.host}`
    if (!found.has(key)) found.set(key, error)
  }
  return {
    add: (code, message, details) => keep(new BringupError(code, message, details)),
    take(thrown) {
      if (thrown instanceof BringupErrors) for (const problem of thrown.problems) keep(problem)
      else if (thrown instanceof BringupError) keep(thrown)
      else throw thrown
    },
    get count() {
      return found.size
    },
    throwIfAny() {
      if (found.size > 0) throw new BringupErrors(inFileOrder([...found.values()]))
    },
  }
}

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
