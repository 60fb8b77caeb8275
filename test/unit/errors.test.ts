import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { asBringupError, BringupError } from '../../src/errors.ts'

test('what waits, and is interrupted, ends as interrupted', async () => {
  const controller = new AbortController()
  const waits = delay(60_000, undefined, { signal: controller.signal })
  controller.abort(new BringupError('INTERRUPTED', 'interrupted'))
  const error: unknown = await waits.catch((thrown: unknown) => thrown)
  expect(asBringupError(error)).toMatchObject({ code: 'INTERRUPTED', message: 'interrupted' })
})
