import type { Problems } from '../problems.ts'

/** What the parts of planning share: where we are, what is wrong, what is worth saying. */
export interface Planning {
  readonly cwd: string
  readonly problems: Problems
  readonly note: (text: string) => void
}
