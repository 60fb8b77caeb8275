import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { CommandResult } from '../connection/remote.ts'

/** A number above any that Linux gives to a process (PID_MAX_LIMIT), so that no kill(2) here can ever hit one. */
const NO_PID = 0x4000_0000

/** Carries a command out; `stdin` is null where nothing is piped in. */
export type Perform = (stdin: Buffer | null) => Promise<CommandResult>

/**
 * A command on a host in the shape that zx expects of its `spawn`: pid, streams, and the events `error`, `exit` and
 * `close`. It begins only after the code that asked for it had its turn, so that `.pipe()` can still feed it.
 */
export function remoteChild(perform: Perform, isFed: () => boolean): ChildProcess {
  const stdin = new PassThrough()
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const child = Object.assign(new EventEmitter(), { pid: NO_PID, stdin, stdout, stderr, exitCode: 0 })

  const begin = async (): Promise<void> => {
    try {
      const fed = isFed() || stdin.readableLength > 0 || stdin.writableEnded
      const result = await perform(fed ? await buffer(stdin) : null)
      // In one piece, so that no character is cut in two when it becomes text.
      await Promise.all([spoken(stdout, result.stdout), spoken(stderr, result.stderr)])
      child.exitCode = result.code
      child.emit('exit', result.code, null)
      child.emit('close', result.code, null)
    } catch (error) {
      child.emit('error', error)
      child.emit('exit', null, null)
      child.emit('close', null, null)
    }
  }
  queueMicrotask(() => void begin())
  return child as unknown as ChildProcess
}

function spoken(stream: PassThrough, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve)
    stream.end(bytes)
  })
}
