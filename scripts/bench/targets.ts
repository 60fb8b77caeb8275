import type { Results, SimulatedResult, StepsResult } from './results.ts'
import { ratioText } from './units.ts'

/** What was aimed at, and what was measured; `seen` is null where that was not measured. */
export interface Target {
  readonly what: string
  readonly wanted: string
  readonly seen: string | null
  readonly met: boolean
}

/** Every target of the benchmark against the results. */
export function judgeTargets({ steps, start, simulated }: Results): Target[] {
  const at = (hosts: number, delay: number): StepsResult | undefined =>
    steps.find((one) => one.hosts === hosts && one.delay === delay)
  const speedup = (hosts: number, least: number): Target => {
    const result = at(hosts, 0)
    const ratio = result && result.ansible.median / result.bringup.median
    return {
      what: `second run on ${hosts} hosts, times faster than Ansible`,
      wanted: `≥ ${least}`,
      seen: ratio === undefined ? null : ratioText(ratio),
      met: ratio !== undefined && ratio >= least,
    }
  }
  const below = (
    what: string,
    value: number | undefined,
    most: number,
    unit: string,
    digits = 0,
  ): Target => ({
    what,
    wanted: `< ${most}${unit}`,
    seen: value === undefined ? null : `${value.toFixed(digits)}${unit}`,
    met: value !== undefined && value < most,
  })
  // One script over one connection: on more hosts of this lab both would measure the processors that all of them share.
  const far = at(1, 20)
  const share = far && far.role.median / far.lowerBound.median
  const memory = at(50, 0)?.maxRss.median
  return [
    speedup(2, 30),
    speedup(50, 40),
    {
      what: 'second run of the role on 1 host with 20 ms of delay, times the lower bound',
      wanted: '≤ 1.5',
      seen: share === undefined ? null : ratioText(share),
      met: share !== undefined && share <= 1.5,
    },
    below('start-up to first task', start?.untilFirstTask.median, 300, ' ms'),
    below('controller memory with 50 hosts', memory && memory / 1024, 200, ' MiB'),
    below('memory per simulated host, first run', growth(simulated, 'maxRssFirst'), 1, ' MiB', 2),
    below('memory per simulated host, second run', growth(simulated, 'maxRss'), 1, ' MiB', 2),
  ]
}

/** MiB for each host more. */
function growth(simulated: readonly SimulatedResult[], which: 'maxRss' | 'maxRssFirst'): number | undefined {
  const [few, many] = [simulated[0], simulated.at(-1)]
  if (few === undefined || many === undefined || few.hosts === many.hosts) return undefined
  return (many[which] - few[which]) / (many.hosts - few.hosts) / 1024
}

export const targetLine = ({ what, wanted, seen, met }: Target): string =>
  `${seen === null ? '·' : met ? '✓' : '✗'} ${what}: ${seen ?? 'not measured'} (${wanted})`
