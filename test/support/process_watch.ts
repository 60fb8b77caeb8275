import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/**
 * Looks at every process of this machine and, since they are containers, of its labs' nodes, again and again: at command
 * lines, and at the environments of those on nodes.
 * @returns ends it, and gives what held one of the needles
 */
export async function watchProcesses(needles: readonly string[]): Promise<() => Promise<string[]>> {
  const over = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('process_watch_worker.ts', import.meta.url), {
    workerData: { over, needles },
  })
  await once(worker, 'message')
  return async () => {
    Atomics.store(over, 0, 1)
    const [seen] = (await once(worker, 'message')) as [string[]]
    return seen
  }
}
