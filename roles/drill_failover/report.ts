import { BringupError } from 'bringup'
import type { Node } from 'bringup'
import { awayTimes } from '../drill_standby/ping.ts'
import { outputOf } from '../drill_standby/watch.ts'
import type { Watch } from '../drill_standby/watch.ts'
import { longestSilence } from './records.ts'
import type { Writer } from './records.ts'
import type { DrillVars } from './vars.ts'

export interface AwaySeconds {
  /** The address, as pings from outside see it. */
  readonly address: number
  /** What is written to: the longest time in which no record could be. */
  readonly writing: number
}

export async function measured(of: {
  observer: Node<DrillVars>
  watch: Watch
  writer: Writer
  /** Milliseconds of the writer's clock. */
  from: number
}): Promise<AwaySeconds> {
  const gaps = awayTimes(await outputOf(of.observer, of.watch))
  return {
    address: Math.max(0, ...gaps.map((gap) => gap.seconds)),
    writing: longestSilence(of.writer.acknowledged, of.from),
  }
}

export interface StepReport {
  /** `power cut` */
  readonly what: string
  /** What is written to, as `file system`. */
  readonly trial: string
  readonly active: string
  readonly heir: string
  readonly seconds: AwaySeconds
  /** Records that were acknowledged so far. */
  readonly count: number
}

/** @throws BringupError TASK_FAILED where it took longer than the drill allows */
export function report(
  observer: Node<DrillVars>,
  { what, trial, active, heir, seconds, count }: StepReport,
): void {
  const said = `${trial} away for ${shown(seconds.writing)}, address for ${shown(seconds.address)}`
  observer.note(
    `${what} of ${active}, ${heir} took over: ${said}; file intact, ${count} records acknowledged, none lost`,
  )
  const { drill_limit: limit } = observer.vars
  const longest = Math.max(seconds.writing, seconds.address)
  if (limit === undefined || longest <= limit) return
  throw new BringupError('TASK_FAILED', `the ${what} took longer than the drill allows`, {
    expected: `at most ${limit} s (drill_limit)`,
    seen: said,
    remedy: 'See the cluster log of that minute on both nodes: journalctl -u pacemaker.',
  })
}

const shown = (seconds: number): string => (seconds < 0.1 ? 'less than 0.1 s' : `${seconds.toFixed(1)} s`)
