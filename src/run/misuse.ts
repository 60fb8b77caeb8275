import type * as z from 'zod'
import { BringupError } from '../errors.ts'
import type { ErrorDetails } from '../errors.ts'
import type { Operation } from '../operations/operation.ts'

/** A role that calls the engine in a way that it can't be called; types would have told, but are only stripped. */
export function misused(message: string, details: ErrorDetails = {}): BringupError {
  return new BringupError('ROLE_INVALID', message, { remedy: 'Correct the call in the role.', ...details })
}

export type Wanted<T> = { readonly value: T } | { readonly wrong: BringupError }

/** What is asked of an operation, as its schema gives it out. */
export function parseWanted<Schema extends z.ZodType>(
  { name, params }: Pick<Operation<Schema, unknown>, 'name' | 'params'>,
  input: unknown,
): Wanted<z.output<Schema>> {
  const parsed = params.safeParse(input)
  if (parsed.success) return { value: parsed.data }
  const issues = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'parameters'}: ${issue.message}`,
  )
  return { wrong: misused(`the role asks for ${name} with wrong parameters: ${issues.join('; ')}`) }
}

export function checkOperation(operation: unknown): { readonly wrong: BringupError } | null {
  const parts = typeof operation === 'object' && operation !== null ? operation : {}
  const missing = ['params', 'subject', 'read', 'plan', 'apply', 'after'].filter((name) => !(name in parts))
  return missing.length === 0
    ? null
    : {
        wrong: misused('node.do was given something that is no operation', {
          expected: 'what operation() gives',
        }),
      }
}

export function checkTask(task: unknown): BringupError | null {
  const { met, apply } = (task ?? {}) as Record<string, unknown>
  const missing = Object.entries({ met, apply }).filter(([, part]) => typeof part !== 'function')
  if (missing.length === 0) return null
  return misused(`a task has no ${missing.map(([name]) => name).join(' and no ')}`, {
    expected: '{ met: async ({ $ }) => …, apply: async ({ $ }) => … }',
  })
}
