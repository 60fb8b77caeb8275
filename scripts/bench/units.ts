import type { Spread } from './statistics.ts'

const isSpread = (value: number | Spread): value is Spread => typeof value !== 'number'

/** Milliseconds for people: `84 ms`, `1.32 s`; those of several measurements as `84 ms (80–91)`. */
export function timeText(value: number | Spread): string {
  if (!isSpread(value)) return value < 1000 ? `${value.toFixed(0)} ms` : `${seconds(value)} s`
  const { median, least, most, count } = value
  if (count === 1) return timeText(median)
  const [low, high] = median < 1000 ? [least.toFixed(0), most.toFixed(0)] : [seconds(least), seconds(most)]
  return `${timeText(median)} (${low}–${high})`
}

const seconds = (milliseconds: number): string =>
  (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : milliseconds < 100_000 ? 1 : 0)

/** KiB for people, as MiB. */
export function memoryText(value: number | Spread): string {
  return `${Math.round((isSpread(value) ? value.median : value) / 1024)} MiB`
}

/** How many times as much: `41.3`, `1.27`. */
export function ratioText(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : ratio < 100 ? 1 : 0)
}
