import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/secret.ts'
import { renderCommand } from '../../../src/shell/render.ts'

const render = (pieces: TemplateStringsArray, ...values: unknown[]): string => renderCommand(pieces, values)

test('each value is one word, each item of a list too', () => {
  const out = { stdout: '/dev/vdb\n' }
  expect(render`mount -o ${['ro', 'noatime x']} ${out} ${'/mnt/a b'} ${7} ${10n} ${[]}`).toBe(
    `mount -o ro 'noatime x' /dev/vdb '/mnt/a b' 7 10 `,
  )
})

test.each([
  ['undefined', undefined],
  ['null', null],
  ['object', { path: '/etc' }],
  ['a promise', Promise.resolve('x')],
  ['boolean', true],
  ['undefined', ['a', undefined]],
])('%s is no word', (seen, value) => {
  expect(() => render`rm -rf ${'/srv'} ${value}`).toThrow(
    expect.objectContaining({ code: 'ROLE_INVALID', details: expect.objectContaining({ seen }) }),
  )
})

describe('a secret', () => {
  test.each([
    ['alone', (secret: Secret) => render`passwd ${secret}`],
    ['in a list', (secret: Secret) => render`passwd ${[secret]}`],
  ])('%s is refused, and not shown', (_, make) => {
    expect(() => make(new Secret('tops3cret', 'environment PASSWORD'))).toThrow(
      expect.objectContaining({
        code: 'SECRET_EXPOSED',
        message: expect.not.stringContaining('tops3cret'),
        details: { remedy: expect.stringContaining('input') },
      }),
    )
  })
})
