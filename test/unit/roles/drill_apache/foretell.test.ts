import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foretell } from '../../../../roles/drill_apache/foretell.ts'
import type { Act, Scene } from '../../../../roles/drill_apache/foretell.ts'
import { inWords } from '../../../../roles/drill_apache/judge.ts'
import { nextRepair } from '../../../../roles/drill_apache/repair.ts'
import { trialsFor } from '../../../../roles/drill_apache/trials.ts'

const well: Scene = {
  apache: 'a',
  vip: 'a',
  failures: { a: 0, b: 0 },
  banned: [],
  preferred: null,
  cutOff: [],
}
const node = fc.constantFrom('a', 'b')
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constant<Act>({ kind: 'kill' }),
  fc.constant<Act>({ kind: 'clear' }),
  node.map((name): Act => ({ kind: 'cleanup', node: name })),
  node.map((to): Act => ({ kind: 'move', to })),
  node.map((name): Act => ({ kind: 'cut', node: name })),
  node.map((name): Act => ({ kind: 'mend', node: name })),
)
const threshold = fc.integer({ min: 2, max: 4 })

/** Every scene that these acts lead to, with the one before it. */
function story(acts: readonly Act[], limit: number): { before: Scene; done: Act; after: Scene }[] {
  let before = well
  return acts.map((done) => {
    const after = foretell(before, done, limit)
    const step = { before, done, after }
    before = after
    return step
  })
}
const stories = (law: (step: ReturnType<typeof story>[number], limit: number) => void): void =>
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), threshold, (acts, limit) => {
      for (const step of story(acts, limit)) law(step, limit)
    }),
  )

describe('what Pacemaker makes of it', () => {
  test('Apache runs only where it may, and wherever it may somewhere', () =>
    stories(({ after }, limit) => {
      const fit = ['a', 'b'].filter(
        (name) =>
          (after.failures[name] ?? 0) < limit && !after.banned.includes(name) && !after.cutOff.includes(name),
      )
      if (after.apache === null) expect(fit).toEqual([])
      else expect(fit).toContain(after.apache)
    }))

  test('where Apache runs, its address is', () =>
    stories(({ after }) => {
      if (after.apache !== null) expect(after.vip).toBe(after.apache)
      else if (after.vip !== null) expect([...after.banned, ...after.cutOff]).not.toContain(after.vip)
    }))

  test('nothing moves that may stay', () =>
    stories(({ before, done, after }, limit) => {
      const from = before.apache
      if (from === null || from === after.apache) return
      const mayNot =
        (after.failures[from] ?? 0) >= limit || after.banned.includes(from) || after.cutOff.includes(from)
      expect(mayNot, JSON.stringify(done)).toBe(true)
    }))

  test('a failure is counted once, on the node that it was on, until that is cleaned up', () =>
    stories(({ before, done, after }) => {
      const sum = ({ failures }: Scene): number => Object.values(failures).reduce((all, one) => all + one, 0)
      if (done.kind === 'kill' && before.apache !== null) expect(sum(after)).toBe(sum(before) + 1)
      else if (done.kind === 'cleanup') expect(after.failures[done.node]).toBe(0)
      else expect(after.failures).toEqual(before.failures)
    }))
})

test('from wherever it is left, the pair is brought back to how it was', () =>
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), threshold, (acts, limit) => {
      const left = story(acts, limit).at(-1)?.after ?? well
      // What cuts nodes off is taken away before.
      let scene = foretell(
        foretell(left, { kind: 'mend', node: 'a' }, limit),
        { kind: 'mend', node: 'b' },
        limit,
      )
      for (let count = 0; ; count += 1) {
        const repair = nextRepair(well, scene)
        if (repair === null) break
        expect(repair, inWords(scene)).not.toBe('wait')
        expect(count).toBeLessThan(6)
        if (repair !== 'wait') scene = foretell(scene, repair, limit)
      }
      expect(scene).toEqual(well)
    }),
  ))

test('while nodes are still cut off, or it is on its way, it is waited for', () => {
  expect(nextRepair(well, { ...well, cutOff: ['b'] })).toBe('wait')
  expect(nextRepair(well, { ...well, apache: 'b', vip: 'b', cutOff: ['a'] })).toBe('wait')
  expect(nextRepair(well, { ...well, apache: null })).toBe('wait')
  expect(nextRepair(well, { ...well, apache: null, vip: null, preferred: 'a', banned: ['b'] })).toBe('wait')
})

test('the trials, and what is foretold of each', () => {
  const told = trialsFor(well, { threshold: 3, ping: true }).map(
    ({ name, steps }) => `${name}: ${inWords(steps.at(-1)?.expected ?? well)}`,
  )
  expect(told).toMatchInlineSnapshot(`
    [
      "killed once: on a, failures 1/0",
      "killed 3 times in all: on b, failures 3/0",
      "killed 3 times on b, too: stopped, address on b, failures 3/3",
      "cleanup of b: on b, failures 3/0",
      "cleanup of a: on b, failures 0/0",
      "forced move to a: on a, failures 0/0, banned from b, a preferred",
      "killed 3 times under the ban: stopped, address on a, failures 3/0, banned from b, a preferred",
      "ban cleared: on b, failures 3/0",
      "cleanup of a again: on b, failures 0/0",
      "fail back to a: on a, failures 0/0",
      "ping host cut off from a: on b, failures 0/0, a cut off",
      "ping host back: on b, failures 0/0",
    ]
  `)
})

test('without a ping host that can be cut off there are two fewer; a threshold of two has no "more"', () => {
  const all = trialsFor(well, { threshold: 2, ping: true })
  const fewer = trialsFor(well, { threshold: 2, ping: false })
  expect(fewer).toEqual(all.slice(0, -2))
  expect(fewer.map(({ steps }) => steps.length)).toEqual([1, 1, 2, 1, 1, 1, 2, 1, 1, 2])
})
