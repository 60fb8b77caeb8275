import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { performWork } from '../../../src/run/task.ts'
import type { TaskOutcome, TaskTools, Work } from '../../../src/run/task.ts'
import { createTurns } from '../../../src/run/turns.ts'
import type { Step } from '../../../src/run/turns.ts'

/** A host with a few cells, and a note of what was done to it. */
interface Host {
  readonly cells: number[]
  readonly log: string[]
  changing: number
}

/** Sets one cell to what another holds plus one; looking fails where that one is negative. */
interface Wish {
  readonly cell: number
  readonly from: number
  readonly alone: boolean
}

const OK: TaskOutcome = { status: 'ok', changed: false, changes: [] }

function workOn(host: Host, { cell, from }: Wish): Work<{ is: number; wanted: number }> {
  const read = async () => {
    host.log.push(`look ${cell}`)
    if (host.changing > 0) throw new Error('looked at while it was changed')
    await Promise.resolve()
    const source = host.cells[from]!
    if (source < 0) throw new Error(`cell ${from} is negative`)
    return { is: host.cells[cell]!, wanted: Math.min(source + 1, 5) }
  }
  return {
    read,
    async finish(tools: TaskTools, { is, wanted }) {
      if (is === wanted) return OK
      await tools.changing?.()
      host.changing += 1
      if (host.changing > 1) throw new Error('two changes at once')
      host.log.push(`change ${cell}`)
      await Promise.resolve()
      host.cells[cell] = wanted
      host.changing -= 1
      tools.changed?.()
      return { status: 'changed', changed: true, changes: [{ summary: `${cell} = ${wanted}` }] }
    },
  }
}

function stepOn(host: Host, wish: Wish): Step {
  const work = workOn(host, wish)
  return {
    look: () => (wish.alone ? null : { seen: work.read({} as never), commands: [] }),
    carryOut: (look, turn) =>
      performWork(work, { context: {}, ...turn } as never, look?.seen as ReturnType<typeof work.read>),
  }
}

const hostOf = (cells: readonly number[]): Host => ({ cells: [...cells], log: [], changing: 0 })

async function together(host: Host, wishes: readonly Wish[]): Promise<string[]> {
  const turns = createTurns()
  const results = await Promise.allSettled(wishes.map((wish) => turns(stepOn(host, wish), 'a', null)))
  return results.map((result) =>
    result.status === 'fulfilled' ? result.value.status : (result.reason as Error).message,
  )
}

async function oneByOne(host: Host, wishes: readonly Wish[]): Promise<string[]> {
  const results: string[] = []
  for (const wish of wishes) {
    const failure = results.find((result) => result !== 'ok' && result !== 'changed')
    if (failure !== undefined) results.push(failure)
    else
      results.push(
        await performWork(workOn(host, wish), { context: {} } as never).then(
          (outcome) => outcome.status,
          (error: Error) => error.message,
        ),
      )
  }
  return results
}

const cell = fc.nat(4)
const wish = fc.record({ cell, from: cell, alone: fc.boolean() })

describe('steps that are begun together', () => {
  test('end as if each was awaited before the next was begun', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -1, max: 5 }), { minLength: 5, maxLength: 5 }),
        fc.array(wish, { maxLength: 12 }),
        async (cells, wishes) => {
          const [one, other] = [hostOf(cells), hostOf(cells)]
          expect(await together(one, wishes)).toEqual(await oneByOne(other, wishes))
          expect(one.cells).toEqual(other.cells)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('look all at once where nothing is to be changed', async () => {
    const host = hostOf([1, 2, 2, 2, 2])
    const wishes = [1, 2, 3, 4].map((one) => ({ cell: one, from: 0, alone: false }))
    const turns = createTurns()
    const first = turns(stepOn(host, wishes[0]!), 'a', null).then(() => host.log.push('done'))
    await Promise.all([first, ...wishes.slice(1).map((one) => turns(stepOn(host, one), 'a', null))])
    expect(host.log).toEqual(['look 2', 'look 3', 'look 4', 'look 1', 'done'])
  })

  test('look again at what comes after a change, ever further ahead', async () => {
    const host = hostOf([1, 0, 2, 2, 2])
    const wishes = [1, 2, 3, 4, 2, 3].map((one) => ({ cell: one, from: 0, alone: false }))
    expect(await together(host, wishes)).toEqual(['changed', 'ok', 'ok', 'ok', 'ok', 'ok'])
    const after = host.log.slice(host.log.indexOf('change 1') + 1)
    expect(after).toEqual(['look 2', 'look 4', 'look 3', 'look 3', 'look 2'])
  })

  test('that are begun inside of different tasks do not wait for each other', async () => {
    const turns = createTurns()
    const other = Promise.withResolvers<void>()
    const waits: Step = {
      look: () => null,
      carryOut: async () => other.promise.then(() => OK),
    }
    const frees: Step = {
      look: () => null,
      carryOut: async () => {
        other.resolve()
        return OK
      },
    }
    const [one, two] = [{}, {}]
    expect(await Promise.all([turns(waits, 'a', one), turns(frees, 'a', two)])).toEqual([OK, OK])
  })
})
