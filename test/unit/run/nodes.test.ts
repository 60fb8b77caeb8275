import { describe, expect, test } from 'vitest'
import { Stopped, proceed, settleAll } from '../../../src/run/group.ts'
import type { GroupFate } from '../../../src/run/group.ts'
import type { Node } from '../../../src/run/node.ts'
import { createNodes } from '../../../src/run/nodes.ts'

const node = (name: string, ...groups: string[]): Node =>
  ({ name, groups: ['all', ...groups] }) as unknown as Node
const fateOf = (fatal: boolean): GroupFate => ({ fatal, failed: new Map(), forks: 10 })
const three = [node('a', 'db'), node('b', 'db'), node('c', 'web')]

describe('a group of nodes', () => {
  test('is in inventory order, and can be narrowed', () => {
    const nodes = createNodes(three, fateOf(true), () => {})
    expect(nodes.names).toEqual(['a', 'b', 'c'])
    expect(nodes.first.name).toBe('a')
    expect(nodes.rest.names).toEqual(['b', 'c'])
    expect(nodes.in('db').names).toEqual(['a', 'b'])
    expect(nodes.named('c', 'a').names).toEqual(['c', 'a'])
    expect(nodes.where((one) => one.name > 'a').names).toEqual(['b', 'c'])
    expect(nodes.in('nobody').size).toBe(0)
  })

  test('refuses a name that is not among its nodes, and the first of none', () => {
    const nodes = createNodes(three, fateOf(true), () => {})
    expect(() => nodes.named('d')).toThrow('d is not among the nodes of this role')
    expect(() => nodes.in('nobody').first).toThrow('asked for the first node of an empty group')
  })

  test('map gives results in node order, whoever ends first', async () => {
    const nodes = createNodes(three, fateOf(true), () => {})
    const turns = Promise.withResolvers<void>()
    const results = nodes.map(async ({ name }) => {
      if (name === 'a') await turns.promise
      if (name === 'c') turns.resolve()
      return name
    })
    expect(await results).toEqual(['a', 'b', 'c'])
  })

  test('a failure ends the role; peers stop at their next task and are not failures of their own', async () => {
    const fate = fateOf(true)
    const reported: string[] = []
    const nodes = createNodes(three, fate, (one) => reported.push(one.name))
    const failed = Promise.withResolvers<void>()
    const begun: string[] = []
    const work = nodes.each(async ({ name }) => {
      if (name === 'b') {
        queueMicrotask(() => failed.resolve())
        throw new Error('disk full')
      }
      await failed.promise
      await new Promise(setImmediate)
      proceed(fate)
      begun.push(name)
    })
    await expect(work).rejects.toThrow('disk full')
    expect(begun).toEqual([])
    expect(reported).toEqual(['b'])
  })

  test('where errors are not fatal the others go on, without the failed one', async () => {
    const nodes = createNodes(three, fateOf(false), () => {})
    await nodes.each(async ({ name }) => {
      if (name === 'a') throw new Error('down')
    })
    expect(nodes.names).toEqual(['b', 'c'])
    expect(nodes.first.name).toBe('b')
  })

  test('where the last one fails there is nothing to go on with', async () => {
    const nodes = createNodes([node('a')], fateOf(false), () => {})
    await expect(nodes.each(() => Promise.reject(new Error('down')))).rejects.toThrow('down')
  })

  test('where errors are not fatal a part of the group may fail as a whole, and the rest goes on', async () => {
    const nodes = createNodes(three, fateOf(false), () => {})
    await nodes.in('web').each(() => Promise.reject(new Error('down')))
    await nodes.inTurn(async ({ name }) => {
      if (name === 'a') throw new Error('down')
    })
    expect(nodes.names).toEqual(['b'])
    expect(() => nodes.in('web').first).toThrow('asked for the first node, but c failed before')
    await expect(nodes.each(() => Promise.reject(new Error('the last')))).rejects.toThrow('the last')
  })

  test('inTurn goes one by one and stops at the first failure', async () => {
    const visited: string[] = []
    const nodes = createNodes(three, fateOf(true), () => {})
    const work = nodes.inTurn(async ({ name }) => {
      visited.push(name)
      if (name === 'b') throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(visited).toEqual(['a', 'b'])
  })
})

test('settleAll never runs more at once than it may, and keeps the order', async () => {
  let now = 0
  let most = 0
  const results = await settleAll([1, 2, 3, 4, 5, 6], 2, async (n) => {
    most = Math.max(most, ++now)
    await new Promise(setImmediate)
    now -= 1
    if (n === 3) throw new Stopped('x')
    return n * 10
  })
  expect(most).toBe(2)
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : null))).toEqual([
    10,
    20,
    null,
    40,
    50,
    60,
  ])
})
