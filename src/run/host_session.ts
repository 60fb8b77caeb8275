import { addAbortSignal, Readable } from 'node:stream'
import type { Egress } from '../connection/egress.ts'
import type { LockAnswer } from '../connection/lock_answer.ts'
import type { Bytes, CommandOptions, LockableRemote, Remote } from '../connection/remote.ts'
import type { Facts } from '../facts/facts.ts'
import type { Host } from '../inventory/inventory.ts'
import { quote } from '../shell/quote.ts'
import type { Overwrites } from './overwrites.ts'
import type { InFlight } from './in_flight.ts'
import type { Planned } from './planned.ts'

/** One connected host for the length of a run. */
export interface HostSession {
  readonly host: Host
  readonly remote: LockableRemote
  /** What the host said to the first wish to be alone there; null where there was none. */
  readonly lock: LockAnswer | null
  facts: Facts
  /** Its way out, where it has none of its own. */
  readonly egress: Egress | null
  /** The devices that may be written to. */
  readonly overwrites: Overwrites
  /** Check mode's overlay, kept over all roles of the run. */
  readonly planned: Planned
  close(): Promise<void>
}

/**
 * The same host, with everything on it ended when `signal` is aborted, and known to `onHost` while it goes on.
 */
export function until(signal: AbortSignal, remote: Remote, onHost: InFlight): Remote {
  const ended = (options: CommandOptions = {}): CommandOptions => ({
    ...options,
    signal: options.signal === undefined ? signal : AbortSignal.any([options.signal, signal]),
  })
  return {
    host: remote.host,
    run: (script, options) => onHost.add('a command', remote.run(script, ended(options))),
    upload: (content, path) => onHost.add('an upload', uploadUntil(signal, remote, content, path)),
    download: async (path) => addAbortSignal(signal, await onHost.add('a download', remote.download(path))),
    forwardIn: (accept) => remote.forwardIn(accept),
    reconnect: (options) => remote.reconnect({ signal, ...options }),
    close: () => remote.close(),
  }
}

/** A file that is not wanted any more when it has arrived does not stay. */
async function uploadUntil(
  signal: AbortSignal,
  remote: Remote,
  content: Buffer | Readable,
  path: string,
): Promise<void> {
  signal.throwIfAborted()
  if (Buffer.isBuffer(content) && content.length <= PIECE) await remote.upload(content, path)
  else {
    const stream = Buffer.isBuffer(content) ? Readable.from(pieces(content)) : content
    await remote.upload(addAbortSignal(signal, stream), path)
  }
  if (!signal.aborted) return
  await remote.run(`rm -f ${quote(path)}`)
  throw signal.reason
}

const PIECE: Bytes = 256 * 1024

function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += PIECE) yield content.subarray(at, at + PIECE)
}
