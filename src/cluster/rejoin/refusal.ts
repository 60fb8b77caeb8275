/** A decision not to go on: the fact that forbids it, with the node that it is about, and what to do next. */
export interface Refusal {
  readonly do: 'refuse'
  readonly seen: string
  readonly remedy: string
}

export const refuse = (seen: string, remedy: string): Refusal => ({ do: 'refuse', seen, remedy })
