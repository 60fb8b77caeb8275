/**
 * The fate that the nodes of a role share: when one fails and errors are fatal, the others stop before their next
 * task; otherwise the failed one is left out of what comes.
 */
export interface GroupFate {
  readonly fatal: boolean
  readonly failed: Map<string, unknown>
  /** How many nodes work at once. */
  readonly forks: number
}

/** Thrown in place of beginning something that is not to begin any more; not a failure of its own. */
export class Stopped extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'Stopped'
  }
}

/** Whether a peer's failure has ended the role for the whole group. */
export const isStopped = ({ fatal, failed }: GroupFate): boolean => fatal && failed.size > 0

/** Throws {@link Stopped} when a peer's failure has ended the role for the whole group. */
export function proceed(fate: GroupFate): void {
  const [peer] = fate.failed.keys()
  if (isStopped(fate)) throw new Stopped(`stopped, because ${peer} failed`)
}

/** Runs `work` over items, at most `limit` at once, and settles them all, in order. */
export async function settleAll<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const results: PromiseSettledResult<R>[] = []
  const queue = [...items.entries()]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, item] = next
      const [result] = await Promise.allSettled([work(item)])
      results[index] = result
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}
