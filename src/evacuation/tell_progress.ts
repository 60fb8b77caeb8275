import { setTimeout as delay } from 'node:timers/promises'
import { shownSeconds, shownSync, syncProgress } from '../drbd/sync_progress.ts'
import type { ReadContext } from '../operations/operation.ts'
import type { Node } from '../run/node.ts'

/** Told what a copy is at. */
export type Phase = 'copying' | 'comparing'

/**
 * Tells how far a copy is, until it ends: while it fills a file system by how much, and while it is compared for how long.
 * @param total what is to be written in all, and `there` what of it is there already; KiB
 */
export async function withProgress<T>(
  node: Pick<Node, 'progress'>,
  { $ }: Pick<ReadContext, '$'>,
  what: { readonly name: string; readonly folder: string; readonly total: number; readonly there: number },
  work: (at: (phase: Phase) => void) => Promise<T>,
): Promise<T> {
  const end = new AbortController()
  let phase: Phase = 'copying'
  let since = performance.now()
  const telling = tell().catch(() => undefined)
  try {
    return await work((now) => {
      phase = now
      since = performance.now()
    })
  } finally {
    end.abort()
    await telling
  }

  async function tell(): Promise<void> {
    const freeAtFirst = await free()
    const reading = (now: number) => ({
      at: performance.now(),
      outOfSync: Math.max(1, what.total - what.there - (freeAtFirst - now)),
      size: what.total,
    })
    const first = reading(freeAtFirst)
    for (;;) {
      await delay(2000, undefined, { signal: end.signal })
      const seconds = Math.round((performance.now() - since) / 1000)
      node.progress(
        phase === 'comparing'
          ? `${what.name}: it is compared by checksum, since ${shownSeconds(seconds)}`
          : shownSync(what.name, syncProgress(first, reading(await free()))),
      )
    }
  }

  async function free(): Promise<number> {
    const text = await $.read`df -P -k -- ${what.folder}`.text()
    return Number(text.trim().split('\n').at(-1)?.split(/\s+/)[3])
  }
}
