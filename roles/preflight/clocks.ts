/** What a node's clock said, and when it was asked and had answered by a clock of the controller; all in seconds. */
export interface ClockReading {
  readonly node: string
  readonly asked: number
  readonly said: number
  readonly answered: number
}

export interface ClockAhead {
  readonly of: string
  /** At least so much. */
  readonly seconds: number
}

/**
 * Pure: how far, at least, each clock is ahead of the one that is furthest behind. `date +%s` leaves out the fraction of
 * a second, and the clock was read at any time between question and answer: a node that answers late is not ahead.
 */
export function clocksAhead(readings: readonly ClockReading[]): Map<string, ClockAhead> {
  const offsets = readings.map(({ node, asked, said, answered }) => ({
    node,
    least: said - answered,
    most: said + 1 - asked,
  }))
  const last = offsets.toSorted((a, b) => a.most - b.most)[0]
  return new Map(
    offsets.map(({ node, least }) => [
      node,
      { of: last?.node ?? node, seconds: Math.max(0, least - (last?.most ?? least)) },
    ]),
  )
}
