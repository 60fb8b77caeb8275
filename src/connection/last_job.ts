import { BringupError } from '../errors.ts'
import type { Lane } from './lane.ts'
import { lastJobText } from './lane_text.ts'
import { lost } from './open_shell.ts'
import type { Pool } from './pool.ts'

export interface LastJobEnd {
  readonly code: number
  readonly stderr: string
}

/** A command with a shell of its own, whose input and output are streams of any length. */
export interface LastJob {
  readonly lane: Lane
  /** @throws BringupError CONNECTION_LOST */
  readonly ended: Promise<LastJobEnd>
}

/** Runs a command that takes its input from the lane's channel from now on, and gives its output to `onOutput`. */
export async function startLast(
  on: { pool: Pool; host: string },
  script: string,
  onOutput: (chunk: Buffer, lane: Lane) => void,
): Promise<LastJob> {
  const lane = await on.pool.openTransfer()
  const started = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<LastJobEnd>()
  let stderr = ''
  const fail = (error: unknown): void => {
    started.reject(error)
    ended.reject(error)
  }
  // Whoever waits for the start hears of a failure there.
  ended.promise.catch(() => {})
  lane.submitLast({
    text: lastJobText(script),
    start: () => started.resolve(),
    output(stream, chunk) {
      if (stream === 'stdout') onOutput(chunk, lane)
      else if (stderr.length < 10_000) stderr += chunk.toString('utf8')
    },
    end: (code) => ended.resolve({ code, stderr }),
    lost: (state, why) => fail(lost(on.host, why, state === 'unknown')),
    fail: (error) => fail(error instanceof BringupError ? error : lost(on.host, error)),
  })
  await started.promise
  return { lane, ended: ended.promise }
}
