import * as z from 'zod'
import { describe, expect, test } from 'vitest'
import type { ApplyContext } from '../../../src/operations/operation.ts'
import { operation } from '../../../src/operations/operation.ts'
import { wait_for } from '../../../src/operations/wait_for.ts'
import { operationWork, performWork, taskWork } from '../../../src/run/task.ts'
import type { TaskDefinition, TaskOutcome, TaskTools } from '../../../src/run/task.ts'

/** A counter on an imaginary host: the smallest thing that can be read, planned and applied. */
function counterOn(host: { value: number; stuck?: boolean; applied?: number }) {
  return operation('counter', {
    params: z.strictObject({ value: z.number() }),
    subject: (want) => String(want.value),
    read: async () => host.value,
    plan: (now, want) => (now === want.value ? [] : [{ summary: `${now} → ${want.value}` }]),
    apply: async (_context, _changes, want) => {
      host.applied = (host.applied ?? 0) + 1
      if (!host.stuck) host.value = want.value
    },
    after: (_now, want) => want.value,
    key: () => 'counter',
  })
}

const tools = (check = false): TaskTools => ({
  context: { check } as ApplyContext,
  planned: new Map(),
})

const performOperation = (on: TaskTools, counter: ReturnType<typeof counterOn>, want: { value: number }) =>
  performWork(operationWork(counter, want), on)

const performTask = (on: TaskTools, name: string, task: TaskDefinition): Promise<TaskOutcome> =>
  performWork(taskWork(name, task), on)

describe('an operation', () => {
  test('that is met changes nothing', async () => {
    const host = { value: 3 }
    expect(await performOperation(tools(), counterOn(host), { value: 3 })).toMatchObject({
      status: 'ok',
      changed: false,
    })
    expect(host).toEqual({ value: 3 })
  })

  test('is applied once, seen to hold, and is met the second time', async () => {
    const host = { value: 1, applied: 0 }
    const first = await performOperation(tools(), counterOn(host), { value: 5 })
    expect(first).toEqual({ status: 'changed', changed: true, changes: [{ summary: '1 → 5' }] })
    expect((await performOperation(tools(), counterOn(host), { value: 5 })).changed).toBe(false)
    expect(host.applied).toBe(1)
  })

  test('that does not hold after its apply has failed, with both readings', async () => {
    const host = { value: 1, stuck: true }
    await expect(performOperation(tools(), counterOn(host), { value: 5 })).rejects.toMatchObject({
      code: 'NOT_MET',
      details: { expected: 'nothing left to do after: 1 → 5', seen: '1 → 5' },
    })
  })

  test('that waits for what passes is met once it was seen', async () => {
    const seen = [false, false, true, false]
    const condition = async (): Promise<boolean> => seen.shift() ?? false
    const work = operationWork(wait_for, wait_for.params.parse({ condition, interval: 0.001 }))
    expect(await performWork(work, tools())).toMatchObject({ status: 'changed' })
    expect(seen).toEqual([false])
  })

  test('in check mode is not applied, and later tasks see what it would have left', async () => {
    const host = { value: 1 }
    const check = tools(true)
    expect((await performOperation(check, counterOn(host), { value: 5 })).changed).toBe(true)
    expect((await performOperation(check, counterOn(host), { value: 5 })).changed).toBe(false)
    expect((await performOperation(check, counterOn(host), { value: 6 })).changes).toEqual([
      { summary: '5 → 6' },
    ])
    expect(host).toEqual({ value: 1 })
  })
})

describe('a task with met and apply', () => {
  test('asks, acts, asks again', async () => {
    const asked: boolean[] = []
    let done = false
    const outcome = await performTask(tools(), 'light the lamp', {
      met: async () => {
        asked.push(done)
        return done || 'the lamp is dark'
      },
      apply: async () => {
        done = true
      },
    })
    expect(asked).toEqual([false, true])
    expect(outcome.changes).toEqual([{ summary: 'the lamp is dark' }])
  })

  test('is asked again for as long as it may take', async () => {
    const seen = ['two left', 'one left', 'one left']
    const applied: string[] = []
    const outcome = await performTask(tools(), 'clean up', {
      met: async () => seen.shift() ?? true,
      apply: async () => void applied.push('once'),
      within: 60,
    })
    expect(outcome.changes).toEqual([{ summary: 'two left' }])
    expect(applied).toEqual(['once'])
    const never = { met: async () => 'one left', apply: async () => {}, within: 0.4 }
    await expect(performTask(tools(), 'clean up', never)).rejects.toMatchObject({ code: 'NOT_MET' })
  })

  test('fails with what is seen when it is still not met', async () => {
    const task = { met: async () => 'the lamp is dark', apply: async () => {} }
    await expect(performTask(tools(), 'light the lamp', task)).rejects.toMatchObject({
      code: 'NOT_MET',
      details: { seen: 'the lamp is dark' },
    })
  })

  test('is not applied in check mode', async () => {
    const task = {
      met: async () => false,
      apply: async () => {
        throw new Error('applied')
      },
    }
    expect((await performTask(tools(true), 'light the lamp', task)).changed).toBe(true)
  })
})
