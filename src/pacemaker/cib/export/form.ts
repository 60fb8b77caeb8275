/** A configuration in one form: what is printed, and what this form has no words for, one line each. */
export interface Form {
  readonly text: string
  readonly unsaid: readonly string[]
}
