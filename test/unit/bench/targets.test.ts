import { expect, test } from 'vitest'
import type { Results, StepsResult } from '../../../scripts/bench/results.ts'
import { spreadOf } from '../../../scripts/bench/statistics.ts'
import { judgeTargets, targetLine } from '../../../scripts/bench/targets.ts'

const steps = (hosts: number, delay: number, of: Partial<Record<keyof StepsResult, number>>): StepsResult =>
  ({
    hosts,
    delay,
    ...Object.fromEntries(Object.entries(of).map(([name, value]) => [name, spreadOf([value])])),
  }) as unknown as StepsResult

const results = (of: Partial<Results>): Results => ({
  machine: {},
  date: '2026-01-01',
  steps: [],
  start: null,
  simulated: [],
  ...of,
})

test('what was not measured is said to be so, and is not met', () => {
  const targets = judgeTargets(results({}))
  expect(targets.every(({ seen, met }) => seen === null && !met)).toBe(true)
  expect(targetLine(targets[0]!)).toBe(
    '· second run on 2 hosts, times faster than Ansible: not measured (≥ 30)',
  )
})

test('figures are held against their targets', () => {
  const lines = judgeTargets(
    results({
      steps: [
        steps(2, 0, { ansible: 9000, bringup: 300, role: 60, lowerBound: 40, maxRss: 100 }),
        steps(50, 0, { ansible: 39_000, bringup: 1000, maxRss: 150 * 1024 }),
        steps(1, 20, { role: 150, lowerBound: 100 }),
      ],
      simulated: [
        { hosts: 100, wallFirst: 1, wall: 1, maxRssFirst: 100 * 1024, maxRss: 90 * 1024 },
        { hosts: 500, wallFirst: 1, wall: 1, maxRssFirst: 540 * 1024, maxRss: 290 * 1024 },
      ],
    }),
  ).map(targetLine)
  expect(lines).toEqual([
    '✓ second run on 2 hosts, times faster than Ansible: 30.0 (≥ 30)',
    '✗ second run on 50 hosts, times faster than Ansible: 39.0 (≥ 40)',
    '✓ second run of the role on 1 host with 20 ms of delay, times the lower bound: 1.50 (≤ 1.5)',
    '· start-up to first task: not measured (< 300 ms)',
    '✓ controller memory with 50 hosts: 150 MiB (< 200 MiB)',
    '✗ memory per simulated host, first run: 1.10 MiB (< 1 MiB)',
    '✓ memory per simulated host, second run: 0.50 MiB (< 1 MiB)',
  ])
})
