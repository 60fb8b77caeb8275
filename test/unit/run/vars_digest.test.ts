import { expect, test } from 'vitest'
import { varsDigest } from '../../../src/run/vars_digest.ts'
import { Redactor, Secret } from '../../../src/secret.ts'

const digest = (vars: unknown, redactor = new Redactor()): string => varsDigest(vars, redactor)

test('is the same for the same vars, in whatever order, and another for others', () => {
  expect(digest({ a: 1, b: [1, { c: 2, d: 3 }] })).toBe(digest({ b: [1, { d: 3, c: 2 }], a: 1 }))
  const different = [
    { a: 1 },
    { a: '1' },
    { a: [1] },
    { a: null },
    { b: 1 },
    { a: { b: 1 } },
    { a: 1n },
    { a: new Map([['b', 1]]) },
    { a: new Set([2]) },
    { a: new Date(0) },
  ].map((vars) => digest(vars))
  expect(new Set(different).size).toBe(different.length)
})

test('knows nothing of secrets, wherever one stands', () => {
  const redactor = new Redactor()
  for (const value of ['hunter22', 'swordfish']) redactor.add(new Secret(value))
  const one = { password: new Secret('hunter22'), url: 'http://root:hunter22@db' }
  const other = { password: new Secret('swordfish'), url: 'http://root:swordfish@db' }
  expect(digest(one, redactor)).toBe(digest(other, redactor))
})

test('comes to an end with vars that hold themselves', () => {
  const circle: Record<string, unknown> = { a: 1 }
  circle['self'] = circle
  expect(digest(circle)).toBe(digest(circle))
})
