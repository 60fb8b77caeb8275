import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseSuites, sumOfMinutes } from '../../../scripts/long_suites/choose.ts'
import type { Candidate, Choice } from '../../../scripts/long_suites/choose.ts'

const candidate = (file: string, minutes: number, due: string | null): Candidate => ({
  suite: { file, minutes, about: [] },
  due,
})
const candidates = fc
  .array(fc.record({ minutes: fc.integer({ min: 1, max: 40 }), due: fc.boolean() }), { maxLength: 8 })
  .map((all) => all.map(({ minutes, due }, index) => candidate(`${index}`, minutes, due ? 'changed' : null)))
const turns = fc.nat({ max: 1000 })
const limits = fc.integer({ min: 1, max: 60 })
const files = (decisions: Choice['chosen']): string[] => decisions.map(({ suite }) => suite.file)
const fitting = (all: readonly Candidate[], minutes: number): Candidate[] =>
  all.filter(({ suite }) => suite.minutes <= minutes)
const dueIn = (all: readonly Candidate[], minutes: number): Set<string> =>
  new Set(fitting(all, minutes).flatMap(({ suite, due }) => (due === null ? [] : [suite.file])))

test('those that are due as far as they fit, then one other, from the one whose turn it is', () => {
  const all = [
    candidate('lab', 4, null),
    candidate('module', 4, 'build.ts changed'),
    candidate('cluster', 17, 'role.ts changed'),
    candidate('drill', 19, null),
    candidate('vagrant', 30, 'Vagrantfile changed'),
  ]
  const lines = (turn: number): string[] => {
    const { chosen, left } = chooseSuites(all, { turn, minutes: 20 })
    return [...chosen, { suite: { file: '--' }, why: '' }, ...left].map(
      ({ suite, why }) => `${suite.file}: ${why}`,
    )
  }
  expect(lines(0)).toEqual([
    'module: build.ts changed',
    'lab: one other, in turn',
    '--: ',
    'cluster: role.ts changed, but there is no room for it in 20 min',
    'drill: nothing that it is about changed',
    'vagrant: longer than the 20 min that there are: only when asked for',
  ])
  expect(lines(6)).toEqual([
    'cluster: role.ts changed',
    '--: ',
    'module: build.ts changed, but there is no room for it in 20 min',
    'drill: nothing that it is about changed',
    'lab: nothing that it is about changed',
    'vagrant: longer than the 20 min that there are: only when asked for',
  ])
})

test('each suite is told of, once', () => {
  fc.assert(
    fc.property(candidates, turns, limits, (all, turn, minutes) => {
      const { chosen, left } = chooseSuites(all, { turn, minutes })
      expect([...files(chosen), ...files(left)].toSorted()).toEqual(
        all.map(({ suite }) => suite.file).toSorted(),
      )
      for (const { why } of [...chosen, ...left]) expect(why).not.toBe('')
    }),
  )
})

test('they never take longer than there is time', () => {
  fc.assert(
    fc.property(candidates, turns, limits, (all, turn, minutes) => {
      expect(sumOfMinutes(chooseSuites(all, { turn, minutes }).chosen)).toBeLessThanOrEqual(minutes)
    }),
  )
})

test('what is due comes first, and one other at most after it; something runs each time that anything fits', () => {
  fc.assert(
    fc.property(candidates, turns, limits, (all, turn, minutes) => {
      const due = dueIn(all, minutes)
      const chosen = files(chooseSuites(all, { turn, minutes }).chosen).map((file) => due.has(file))
      expect(chosen).toEqual(chosen.toSorted((a, b) => Number(b) - Number(a)))
      expect(chosen.filter((isOne) => !isOne).length).toBeLessThanOrEqual(1)
      expect(chosen.length > 0).toBe(fitting(all, minutes).length > 0)
      if (due.size > 0) expect(chosen[0]).toBe(true)
    }),
  )
})

test('one that is due and left out had no room', () => {
  fc.assert(
    fc.property(candidates, turns, limits, (all, turn, minutes) => {
      const { chosen, left } = chooseSuites(all, { turn, minutes })
      const due = dueIn(all, minutes)
      const taken = sumOfMinutes(chosen.filter(({ suite }) => due.has(suite.file)))
      for (const { suite } of left.filter((one) => due.has(one.suite.file)))
        expect(taken + suite.minutes).toBeGreaterThan(minutes)
    }),
  )
})

test('within as many commits as there are suites, each that is due has run; each of all, when nothing is', () => {
  fc.assert(
    fc.property(candidates, turns, limits, (all, turn, minutes) => {
      const met = new Set(
        all.flatMap((_, step) => files(chooseSuites(all, { turn: turn + step, minutes }).chosen)),
      )
      const due = dueIn(all, minutes)
      const wanted = due.size > 0 ? due : new Set(fitting(all, minutes).map(({ suite }) => suite.file))
      for (const file of wanted) expect(met).toContain(file)
    }),
  )
})
