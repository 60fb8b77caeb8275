/** One failure that is known by its text. */
export interface KnownFailure {
  /** Matches a line that says it; asked of each line by itself. */
  readonly says: RegExp
  /** What it means, as one sentence without a full stop. */
  readonly meaning: string
  /** What to do next, in the imperative. */
  readonly remedy: string
}
