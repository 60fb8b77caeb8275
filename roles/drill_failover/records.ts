import { setTimeout as delay } from 'node:timers/promises'
import type { Node, Nodes } from 'bringup'
import { append } from './trial.ts'
import type { Trial } from './trial.ts'

/** A record that a node has fsynced, and the controller was told so. */
export interface Acknowledged {
  readonly record: string
  /** Milliseconds of a clock that never goes back, when the answer was here. */
  readonly at: number
}

export interface Writer {
  readonly acknowledged: readonly Acknowledged[]
  /** Ends it, and waits for the record that is under way. */
  end(): Promise<void>
}

/** Milliseconds between two records, at least and at most. */
const PAUSE = { least: 100, most: 5000 }
/** How much longer than a write the pause after it is: a file system that is always in use can not be unmounted. */
const IDLE = 5
/** Seconds after which a record counts as not written; it may be there all the same. */
const LONGEST = 20

/**
 * Has every node append records without end, one after the other, each fsynced before it is acknowledged. The file is where
 * what moves is, so that only the node that has it can. A node that is away keeps nobody waiting but itself.
 */
export function startWriter<V>(nodes: Nodes<V>, trial: Trial): Writer {
  const acknowledged: Acknowledged[] = []
  let going = true
  const write = async (node: Node<V>): Promise<void> => {
    // Never the same twice: of one that was not acknowledged nobody knows whether it was written.
    for (let number = 1; going; number += 1) {
      const record = `${node.name}-${number}`
      const begin = performance.now()
      if (await written(node, trial, record)) acknowledged.push({ record, at: performance.now() })
      const took = performance.now() - begin
      await delay(Math.min(Math.max(PAUSE.least, took * IDLE), PAUSE.most))
    }
  }
  const all = Promise.all([...nodes].map(write))
  return {
    acknowledged,
    async end() {
      going = false
      await all
    },
  }
}

async function written<V>(node: Node<V>, trial: Trial, record: string): Promise<boolean> {
  try {
    return await append(node, trial, record, LONGEST)
  } catch {
    // It is away: which is what is being measured.
    return false
  }
}

/** Records that were acknowledged and are not in the file: what must never be. */
export function lostRecords(acknowledged: readonly Acknowledged[], file: string): string[] {
  const present = new Set(file.split('\n'))
  return acknowledged.map(({ record }) => record).filter((record) => !present.has(record))
}

/** The longest time, in seconds, in which nothing was acknowledged since `from` (of the same clock). */
export function longestSilence(acknowledged: readonly Acknowledged[], from: number): number {
  const times = acknowledged.map(({ at }) => at).filter((at) => at >= from)
  const before = acknowledged.findLast(({ at }) => at < from)?.at ?? from
  const gaps = times.map((at, index) => at - (times[index - 1] ?? before))
  return Math.round(Math.max(0, ...gaps)) / 1000
}
