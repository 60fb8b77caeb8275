// A thread of its own, so that neither waits for the other: a process can be gone in a millisecond.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

const { state, needles } = workerData as { state: Int32Array; needles: readonly string[] }
const wanted = new RegExp(
  needles
    .map((text) =>
      Buffer.from(text)
        .toString('latin1')
        .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'),
    )
    .join('|'),
)
const here = readlinkSync('/proc/self/ns/pid')
const seen = new Set<string>()

function textOf(path: string, read: (path: string) => string): string {
  try {
    return read(path)
  } catch {
    // The process is over.
    return ''
  }
}

parentPort?.postMessage('at work')
do {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const onNode = textOf(`/proc/${pid}/ns/pid`, (path) => readlinkSync(path)) !== here
    for (const part of onNode ? ['cmdline', 'environ'] : ['cmdline']) {
      const text = textOf(`/proc/${pid}/${part}`, (path) => readFileSync(path, 'latin1'))
      if (wanted.test(text))
        seen.add(`${onNode ? 'node' : 'controller'} ${part}: ${text.replaceAll('\0', ' ')}`)
    }
  }
  Atomics.add(state, 1, 1)
  Atomics.wait(state, 0, 0, 1)
} while (Atomics.load(state, 0) === 0)
parentPort?.postMessage([...seen])
