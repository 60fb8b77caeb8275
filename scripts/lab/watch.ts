import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import type { LabPlace } from './place.ts'

/** Holds a lab to the life of this process. */
export interface Watch {
  /** The lab has gone, or stays for good: stops watching. */
  release(): void
}

/** Starts the process that takes the lab down when this one ends, in whatever way. */
export function watchOver(place: LabPlace, incarnation: string): Watch {
  const reaper = join(import.meta.dirname, 'reaper.ts')
  const child = spawn(process.execPath, [reaper, place.name, dirname(place.dir), incarnation], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  // A pipe that is open would keep this process alive; node's types do not say that it is a socket.
  const pipe = child.stdin
  if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref()
  pipe.on('error', () => undefined)
  return { release: () => void pipe.end('released') }
}
