import { BringupError } from '../errors.ts'

/** What does not work, as data: the fields of the error that it becomes where somebody asked for it. */
export interface Refusal {
  readonly ok: false
  /** The reason, as one sentence without a full stop. */
  readonly refused: string
  readonly expected: string
  readonly seen: string
  readonly remedy: string
}

/** An answer of a pure rule: what it found, with what an operator should hear all the same, or why not. */
export type Verdict<Found = unknown> = (Found & Fine) | Refusal

export interface Fine {
  readonly ok: true
  readonly warnings: readonly string[]
}

export const fine = (...warnings: readonly string[]): Fine => ({ ok: true, warnings })

export const refuse = (refused: string, details: Omit<Refusal, 'ok' | 'refused'>): Refusal => ({
  ok: false,
  refused,
  ...details,
})

/** What was found. @throws BringupError REFUSED */
export function granted<Found>(verdict: Verdict<Found>): Found & Fine {
  if (verdict.ok) return verdict
  throw refusal(verdict)
}

/** The error that a refusal is where somebody asked for what it refuses. */
export const refusal = ({ refused, expected, seen, remedy }: Refusal): BringupError =>
  new BringupError('REFUSED', refused, { expected, seen, remedy })
