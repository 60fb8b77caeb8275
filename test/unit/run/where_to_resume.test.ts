import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BringupError } from '../../../src/errors.ts'
import type { HostRecap, PlayOutline, RunEvent } from '../../../src/run/events.ts'
import { stepsOf } from '../../../src/run/steps.ts'
import { doneSteps, whereToResume } from '../../../src/run/where_to_resume.ts'

const outline = (
  name: string,
  roles: readonly string[],
  batches: readonly (readonly string[])[],
): PlayOutline => ({
  name,
  hosts: batches.flat(),
  roles: [...roles],
  batches: batches.map((batch) => [...batch]),
  varsDigests: batches.map((_, batch) => roles.map((role) => `${name} ${batch} ${role}`)),
  filesDigests: roles.map((role) => `files of ${role}`),
})

const start = (plays: PlayOutline[], more: object = {}): RunEvent => ({
  type: 'run_start',
  run: 'earlier',
  version: '1',
  playbook: 'site.yml',
  inventory: 'lab.yml',
  check: false,
  hosts: [...new Set(plays.flatMap((play) => play.hosts))],
  plays,
  ...more,
})

/** One step of a run as its journal has it. */
const step = (
  index: number,
  hosts: readonly string[],
  outcome: 'done' | 'failed' | 'interrupted' = 'done',
  failed?: string[],
): RunEvent[] => [
  { type: 'role_start', role: `r${index}`, summary: '', hosts: [...hosts], step: index },
  {
    type: 'role_end',
    role: `r${index}`,
    outcome,
    milliseconds: 1,
    ...(failed === undefined ? {} : { failed }),
  },
]

const both = ['a', 'b']
const three = [outline('one', ['base', 'web', 'last'], [both])]
const serial = [outline('one', ['base', 'web'], [['a'], ['b']]), outline('two', ['base'], [both])]

const refusal = (work: () => unknown): BringupError['details'] & { code: string; message: string } => {
  try {
    work()
  } catch (error) {
    const { code, message, details } = error as BringupError
    return { code, message, ...details }
  }
  throw new Error('nothing was thrown')
}

describe('a run is resumed', () => {
  const cut = (events: RunEvent[]): RunEvent[] => events.slice(0, -1)
  test.each<[string, PlayOutline[], RunEvent[], { step: number; role: string; hosts: string[] }]>([
    ['before anything, where nobody was reached', three, [], { step: 0, role: 'base', hosts: both }],
    [
      'at the role that failed',
      three,
      [...step(0, both), ...step(1, both, 'failed')],
      { step: 1, role: 'web', hosts: both },
    ],
    [
      'at the role that was interrupted',
      three,
      [...step(0, both), ...step(1, both, 'interrupted')],
      { step: 1, role: 'web', hosts: both },
    ],
    [
      'at the role in which the journal ends',
      three,
      [...step(0, both), ...cut(step(1, both))],
      { step: 1, role: 'web', hosts: both },
    ],
    [
      'at the role after the last that is done',
      three,
      [...step(0, both), ...step(1, both)],
      { step: 2, role: 'last', hosts: both },
    ],
    [
      'at the first role that failed on any host, where the play went on without it',
      three,
      [...step(0, both), ...step(1, both, 'done', ['a']), ...step(2, ['b'])],
      { step: 1, role: 'web', hosts: both },
    ],
    [
      'at the first role that a host was not there for',
      three,
      [...step(0, ['b']), ...step(1, ['b']), ...step(2, ['b'])],
      { step: 0, role: 'base', hosts: both },
    ],
    [
      'in the batch that failed',
      serial,
      [...step(0, ['a']), ...step(1, ['a']), ...step(2, ['b'], 'failed')],
      { step: 2, role: 'base', hosts: ['b'] },
    ],
    [
      'in the later of two plays that have the same role',
      serial,
      [0, 1, 2, 3].flatMap((index) => step(index, index < 2 ? ['a'] : ['b'])),
      { step: 4, role: 'base', hosts: both },
    ],
  ])('%s', (_what, plays, events, expected) => {
    expect(whereToResume([start(plays), ...events], plays)).toMatchObject({ run: 'earlier', ...expected })
  })

  test('where one that was resumed itself got to', () => {
    const resumes = { run: 'first', step: 1, role: 'web', hosts: both }
    const events = [start(three, { resumes }), ...step(1, both), ...step(2, both, 'failed')]
    expect(whereToResume(events, three)).toMatchObject({ step: 2, role: 'last' })
    expect(whereToResume([start(three, { resumes })], three)).toMatchObject({ step: 1, role: 'web' })
  })

  test('at a role that is done, where its vars or files are not the same any more', () => {
    const events = [start(three), ...step(0, both), ...step(1, both), ...step(2, both, 'failed')]
    const other = (change: (play: PlayOutline) => void): PlayOutline[] => {
      const plays = structuredClone(three)
      change(plays[0]!)
      return plays
    }
    expect(
      whereToResume(
        events,
        other((play) => (play.varsDigests![0]![1] = 'x')),
      ),
    ).toMatchObject({
      step: 1,
      role: 'web',
      because: 'the vars of web have changed since',
    })
    expect(
      whereToResume(
        events,
        other((play) => (play.filesDigests![0] = 'x')),
      ),
    ).toMatchObject({
      step: 0,
      because: 'the files of base have changed since',
    })
    const mended = whereToResume(
      events,
      other((play) => (play.filesDigests![2] = 'x')),
    )
    expect(mended).toMatchObject({ step: 2, role: 'last' })
    expect(mended.because).toBeUndefined()
  })

  test('with what has been counted, but not with what failed', () => {
    const counts: HostRecap = { ok: 2, changed: 1, failed: 0, skipped: 0, unreachable: false }
    const resumes = { run: 'first', step: 1, role: 'web', hosts: both, recap: { a: counts } }
    const end = (host: string, status: 'ok' | 'changed' | 'failed'): RunEvent => ({
      type: 'task_end',
      role: 'web',
      host,
      task: 't',
      status,
      changes: [],
      milliseconds: 1,
      commands: [],
    })
    const events = [start(three, { resumes }), end('a', 'changed'), end('b', 'ok'), end('b', 'failed')]
    expect(whereToResume(events, three).recap).toEqual({
      a: { ...counts, changed: 2 },
      b: { ok: 1, changed: 0, failed: 0, skipped: 0, unreachable: false },
    })
  })
})

describe('a run is not resumed', () => {
  test('when all of it is done', () => {
    const events = [start(three), ...[0, 1, 2].flatMap((index) => step(index, both))]
    expect(refusal(() => whereToResume(events, three))).toMatchObject({
      code: 'USAGE',
      message: 'all roles of the run earlier are done',
    })
  })

  test.each<[string, PlayOutline[], string, string]>([
    [
      'another role',
      [outline('one', ['base', 'mail', 'last'], [both])],
      'base, web, last',
      'base, mail, last',
    ],
    ['another host', [outline('one', ['base', 'web', 'last'], [['a', 'c']])], 'a, b', 'a, c'],
    ['other batches', [outline('one', ['base', 'web', 'last'], [['a'], ['b']])], 'a b', 'a, b'],
    ['another play', [...three, outline('two', ['base'], [both])], 'one', 'one, two'],
  ])('when it would be %s', (_what, plays, expected, seen) => {
    expect(refusal(() => whereToResume([start(three)], plays))).toMatchObject({
      code: 'USAGE',
      expected,
      seen,
    })
  })

  test('when its journal does not tell enough', () => {
    const old = [start([{ name: 'one', hosts: both, roles: ['base', 'web', 'last'] }])]
    expect(refusal(() => whereToResume(old, three))).toMatchObject({
      seen: 'that of an earlier bringup',
    })
  })
})

describe('whatever happened', () => {
  const hosts = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 })
  const plan = fc
    .array(
      fc.record({
        roles: fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 3 }),
        batches: fc.array(hosts, { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((plays) => plays.map(({ roles, batches }, index) => outline(`play ${index}`, roles, batches)))
  /** Of one step: on which of its hosts it ran, how it ended if it did, who failed. */
  const ending = fc.record({
    absent: fc.nat(3).map((value) => value === 0),
    outcome: fc.constantFrom('done', 'done', 'done', 'done', 'failed', 'interrupted', 'cut'),
    failed: fc.nat(5).map((value) => value === 0),
  })

  test('what is done and what is run is the whole plan, and nothing is left out that has not been done', () => {
    fc.assert(
      fc.property(plan, fc.array(fc.array(ending, { maxLength: 27 }), { maxLength: 4 }), (plays, runs) => {
        const steps = stepsOf(plays)
        const done = new Set<number>()
        let resumes = { run: 'none', step: 0, role: '', hosts: [] as string[] }
        for (const endings of runs) {
          const events: RunEvent[] = [start(plays, { resumes })]
          const here = new Set<number>()
          for (const [place, how] of endings.entries()) {
            const index = resumes.step + place
            const on = steps[index]?.hosts
            if (on === undefined) break
            const present = how.absent ? on.slice(1) : on
            const outcome = how.outcome === 'cut' ? 'done' : how.outcome
            const all = step(index, present, outcome, how.failed ? [on[0]!] : undefined)
            events.push(...(how.outcome === 'cut' ? all.slice(0, 1) : all))
            if (how.outcome === 'done' && !how.absent && !how.failed)
              for (const set of [done, here]) set.add(index)
            if (outcome !== 'done' || how.outcome === 'cut') break
          }
          const count = doneSteps(events, steps)
          // Never past a step that no run has done.
          for (let index = 0; index < count; index += 1) expect(done.has(index)).toBe(true)
          if (count < steps.length) {
            const next = whereToResume(events, plays)
            expect(next.step).toBe(count)
            expect(next).toMatchObject({ role: steps[count]?.role, hosts: steps[count]?.hosts })
            // It is not done in this run, nor passed over: the same step would else be run for ever.
            expect(here.has(count)).toBe(false)
            resumes = { ...next, run: 'earlier' }
          } else return
        }
      }),
      { numRuns: 2000 },
    )
  })
})
