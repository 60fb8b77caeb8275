import { Secret } from '../secret.ts'
import { PendingSecret } from './pending.ts'

/** All secrets in plain data, however deep. */
export function secretsIn(value: unknown): Secret[] {
  const found: Secret[] = []
  visit(value, [], (item) => {
    if (item instanceof Secret) found.push(item)
  })
  return found
}

/** Those whose value nobody has looked up yet. */
export function pendingIn(value: unknown): PendingSecret[] {
  return secretsIn(value).filter((found) => found instanceof PendingSecret)
}

/** The same data with its pending secrets replaced; the very same object where there are none in it. */
export function replacePending(value: unknown, resolved: (pending: PendingSecret) => Secret): unknown {
  if (value instanceof PendingSecret) return resolved(value)
  if (pendingIn(value).length === 0) return value
  if (Array.isArray(value)) return value.map((item) => replacePending(item, resolved))
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]) => [key, replacePending(item, resolved)]),
  )
}

/**
 * Paths of the text that became a secret only by a schema: those at which `given` has text and `read` a `Secret`.
 */
export function writtenInClear(given: unknown, read: unknown): PropertyKey[][] {
  const found: PropertyKey[][] = []
  visit(read, [], (item, path) => {
    if (!(item instanceof Secret)) return
    const source = path.reduce<unknown>(
      (value, key) => (isContainer(value) ? Reflect.get(value, key) : undefined),
      given,
    )
    if (typeof source === 'string') found.push([...path])
  })
  return found
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

function visit(
  value: unknown,
  path: PropertyKey[],
  see: (value: unknown, path: PropertyKey[]) => void,
): void {
  see(value, path)
  if (!isContainer(value) || value instanceof Secret) return
  if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, [...path, index], see)
  else if (Object.getPrototypeOf(value) === Object.prototype)
    for (const [key, item] of Object.entries(value)) visit(item, [...path, key], see)
}
