import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { until } from './until.ts'

export interface ProcessWatch {
  /** Resolves when every process that is there now has been looked at. */
  round(): Promise<void>
  /** Ends it. @returns what held one of the needles */
  end(): Promise<string[]>
}

/**
 * Looks at every process of this machine and, since they are containers, of its labs' nodes, again and again: at command
 * lines, and at the environments of those on nodes.
 */
export async function watchProcesses(needles: readonly string[]): Promise<ProcessWatch> {
  /** Whether it is over, and how many rounds are done. */
  const state = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(new URL('process_watch_worker.ts', import.meta.url), {
    workerData: { state, needles },
  })
  await once(worker, 'message')
  return {
    async round() {
      // The one that is going on may have passed a process already.
      const wanted = Atomics.load(state, 1) + 2
      await until(async () => Atomics.load(state, 1) >= wanted)
    },
    async end() {
      Atomics.store(state, 0, 1)
      const [seen] = (await once(worker, 'message')) as [string[]]
      return seen
    },
  }
}
