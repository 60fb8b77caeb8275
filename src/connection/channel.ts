import type { Duplex, Readable, Writable } from 'node:stream'
import type { ReverseForward } from './remote.ts'

/** How a program on the other side ended; both null when that was never told (connection lost, channel torn down). */
export interface ChannelEnd {
  code: number | null
  signal: string | null
  /** Why the connection broke, where that ended it. */
  broken?: Error | null
}

/** One program on a host with its three streams. */
export interface Channel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Settles after the program has ended and all its output has been read; never rejects. */
  readonly closed: Promise<ChannelEnd>
  /** Gives it up without waiting. What it runs is not killed by that. */
  destroy(): void
}

/** A way to start programs on a host: an SSH connection, or this very machine. */
export interface Transport {
  readonly alive: boolean
  /** @throws BringupError CONNECTION_LOST, or UNREACHABLE when the host refuses to open one more session. */
  exec(command: string): Promise<Channel>
  /** @param port the one to listen on; a free one when left out */
  forwardIn(accept: (connection: Duplex) => void, port?: number): Promise<ReverseForward>
  close(): Promise<void>
}
