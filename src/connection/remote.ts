import type { Readable } from 'node:stream'
import type { Secret } from '../secret.ts'
import type { LockAnswer } from './lock_answer.ts'
import type { Claim } from './lock_claim.ts'

export type Seconds = number
export type Bytes = number

export interface CommandResult {
  stdout: Buffer
  stderr: Buffer
  /** Exit status; 128 + n where a signal n ended it. */
  code: number
}

export interface CommandOptions {
  /** Small input (travels in the shell's own stream); `/dev/null` when left out. */
  stdin?: string | Buffer | Secret
  /** Environment for this command only; never in an argument list. */
  env?: Record<string, string>
  cwd?: string
  /** The command and its children are killed on the host when it is over. */
  timeout?: Seconds
  signal?: AbortSignal
}

/** One port listening on the host's loopback, whose connections come out on the controller. */
export interface ReverseForward {
  port: number
  close(): Promise<void>
}

/**
 * One host that commands can be run on: one connection with a few POSIX shells kept open on it, as root where the
 * inventory asks to become root. A command costs one round trip, and commands started together are pipelined.
 */
export interface Remote {
  readonly host: string

  /**
   * Runs a POSIX `sh` script and waits for its end. A non-zero exit is a result, not an error.
   * @throws BringupError TIMEOUT, INTERRUPTED, or CONNECTION_LOST, after which the outcome is unknown: read again.
   */
  run(script: string, options?: CommandOptions): Promise<CommandResult>

  /**
   * Streams bytes into a new file of mode 0600 at `path` (its directory must exist), synced to disk before this
   * resolves. Nothing replaces anything here: the caller sets owner and mode and renames.
   */
  upload(content: Buffer | Readable, path: string): Promise<void>

  /** Streams a file's bytes, however many. */
  download(path: string): Promise<Readable>

  /** Has the host listen on a free loopback port; each connection to it is given to `accept`. */
  forwardIn(accept: (connection: import('node:stream').Duplex) => void): Promise<ReverseForward>

  /** Drops and opens the connection again, retrying until it answers or the time is over (for reboots). */
  reconnect(options: { timeout: Seconds; signal?: AbortSignal }): Promise<void>

  close(): Promise<void>
}

/** A host that a run can have for itself. */
export interface LockableRemote extends Remote {
  /**
   * Tries once to take the host's lock; it is held until the connection is closed or lost. `reconnect` takes it again,
   * and throws LOCKED where another has it then.
   */
  lock(claim: Claim): Promise<LockAnswer>
  /** Gives it back. */
  unlock(): Promise<void>
  /**
   * From now on changes are made: while one of the shells has a command to end, no other run gets the lock, even if
   * this controller dies.
   */
  begin(): void
}
