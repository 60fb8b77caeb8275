import { setTimeout as delay } from 'node:timers/promises'
import { shownSync, syncProgress } from '../drbd/sync_progress.ts'
import type { ReadContext } from '../operations/operation.ts'
import type { Node } from '../run/node.ts'

/**
 * Tells how far something is that fills a file system, until it ends.
 * @param total what is to be written in all, and `there` what of it is there already; KiB
 */
export async function withProgress<T>(
  node: Pick<Node, 'progress'>,
  { $ }: Pick<ReadContext, '$'>,
  what: { readonly name: string; readonly folder: string; readonly total: number; readonly there: number },
  work: Promise<T>,
): Promise<T> {
  const end = new AbortController()
  const telling = tell().catch(() => undefined)
  try {
    return await work
  } finally {
    end.abort()
    await telling
  }

  async function tell(): Promise<void> {
    const freeAtFirst = await free()
    const reading = (now: number) => ({
      at: performance.now(),
      // What is compared at last is not written: that it is in sync would be told too early.
      outOfSync: Math.max(1, what.total - what.there - (freeAtFirst - now)),
      size: what.total,
    })
    const first = reading(freeAtFirst)
    for (;;) {
      await delay(2000, undefined, { signal: end.signal })
      node.progress(shownSync(what.name, syncProgress(first, reading(await free()))))
    }
  }

  async function free(): Promise<number> {
    const text = await $.read`df -P -k -- ${what.folder}`.text()
    return Number(text.trim().split('\n').at(-1)?.split(/\s+/)[3])
  }
}
