import { expect } from 'vitest'
import type * as z from 'zod'
import type { Operation } from '../../src/operations/operation.ts'
import type { LabNode } from './lab_node.ts'

/** Everything that operations on paths may touch, with content, mode, owner, inode and time of change. */
const fingerprint = (node: LabNode): Promise<string> =>
  node.sh(`{
    find /etc /srv /var/backups -xdev -exec stat -c '%n %f %u %g %s %Y %i' {} +
    find /etc /srv /var/backups -xdev -type f -exec sha256sum {} +
  } | sort | sha256sum`)

/**
 * What every operation promises: a check changes nothing, a run does what the check said, a second one nothing, and no
 * temporary file is left.
 * @returns the summaries of the changes
 */
export async function converges<Schema extends z.ZodType, S>(
  node: LabNode,
  operation: Operation<Schema, S>,
  want: z.input<Schema>,
): Promise<string[]> {
  const before = await fingerprint(node)
  const planned = await node.check(operation, want)
  expect(await fingerprint(node)).toBe(before)
  const made = await node.perform(operation, want)
  expect(made.changes).toEqual(planned.changes)
  const after = await fingerprint(node)
  expect((await node.perform(operation, want)).changes).toEqual([])
  expect(await fingerprint(node)).toBe(after)
  expect(await node.sh("find / -xdev -name '.bringup-*-*'")).toBe('')
  return made.changes.map((change) => change.summary)
}

/** What an attempt fails with. */
export const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  )
