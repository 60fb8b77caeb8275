import { expect, test } from 'vitest'
import { Secret } from '../../../src/secret.ts'
import { PendingSecret } from '../../../src/secrets/pending.ts'
import { pendingIn, replacePending, secretsIn, writtenInClear } from '../../../src/secrets/walk.ts'

const pending = (name: string) =>
  new PendingSecret({ kind: 'env', name }, { file: 'a.yml', line: 1, column: 1 })
const [a, b, known] = [pending('A'), pending('B'), new Secret('x')]
const data = { list: [{ a, plain: 1 }, [b]], known, bytes: Buffer.from('x'), none: null }

test('secrets are found however deep, and nothing inside of other objects', () => {
  expect(secretsIn(data)).toEqual([a, b, known])
  expect(pendingIn(data)).toEqual([a, b])
  expect(pendingIn('text')).toEqual([])
})

test('pending ones are replaced in a copy; what has none is the same object', () => {
  const replaced = replacePending(data, ({ source }) => new Secret(JSON.stringify(source))) as typeof data
  expect(secretsIn(replaced).map((found) => found.reveal())).toEqual([
    '{"kind":"env","name":"A"}',
    '{"kind":"env","name":"B"}',
    'x',
  ])
  expect(replaced.bytes).toBe(data.bytes)
  expect(pendingIn(data)).toEqual([a, b])
  const without = { known, list: [1] }
  expect(replacePending(without, () => known)).toBe(without)
})

test('text that became a secret by a schema was written in clear', () => {
  const given = { a: 'x', b: known, list: [{ c: 'y' }] }
  const read = { a: new Secret('x'), b: known, list: [{ c: new Secret('y') }], added: known }
  expect(writtenInClear(given, read)).toEqual([['a'], ['list', 0, 'c']])
})
