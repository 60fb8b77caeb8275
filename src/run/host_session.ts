import type { Facts } from '../facts/facts.ts'
import type { Host } from '../inventory/inventory.ts'
import type { CommandOptions, Remote } from '../connection/remote.ts'
import type { Planned } from './planned.ts'

/** One connected host for the length of a run. */
export interface HostSession {
  readonly host: Host
  readonly remote: Remote
  facts: Facts
  readonly proxyEnv: Readonly<Record<string, string>>
  /** Check mode's overlay, kept over all roles of the run. */
  readonly planned: Planned
  close(): Promise<void>
}

/** The same host, with every command ended when `signal` is aborted. */
export function until(signal: AbortSignal, remote: Remote): Remote {
  const ended = (options: CommandOptions = {}): CommandOptions => ({
    ...options,
    signal: options.signal === undefined ? signal : AbortSignal.any([options.signal, signal]),
  })
  return {
    host: remote.host,
    run: (script, options) => remote.run(script, ended(options)),
    upload: (content, path) => remote.upload(content, path),
    download: (path) => remote.download(path),
    forwardIn: (accept) => remote.forwardIn(accept),
    reconnect: (options) => remote.reconnect({ signal, ...options }),
    close: () => remote.close(),
  }
}
