import type { Tag } from '../shell/shell.ts'

/** Whether the cluster has nothing left to do; waits up to five seconds for that. */
export async function atRest(read: Tag): Promise<boolean> {
  const { exitCode } = await read({ nothrow: true })`crm_resource --wait --timeout=5s`
  return exitCode === 0
}
