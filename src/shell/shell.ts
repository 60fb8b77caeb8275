import type { ProcessPromise } from 'zx/core'
import type { Secret } from '../secret.ts'
import type { Seconds } from '../connection/remote.ts'

export interface ShellOptions {
  input?: string | Buffer | Secret
  env?: Record<string, string>
  cwd?: string
  timeout?: Seconds
  /** A non-zero exit is a result, not an error. */
  nothrow?: boolean
  /**
   * Once begun it goes on to its end on the host, even when the controller dies or the connection is lost: for what
   * must not be left half done. Where it leaves a process running, that must not keep the command's output open.
   */
  unbroken?: boolean
}

/** A template tag that runs a command on a host; values are quoted, and a `Secret` among them is refused. */
export interface Tag {
  (pieces: TemplateStringsArray, ...values: unknown[]): ProcessPromise
  (options: ShellOptions): Tag
}

/**
 * zx's `$`, bound to one host. What it runs may change the host, so check mode records it and runs nothing;
 * `$.read` is for commands that only look, and runs in check mode too. Unlike zx's own, `.text()` is standard
 * output alone and `.buffer()` gives the bytes as they were.
 */
export interface Shell extends Tag {
  (pieces: TemplateStringsArray, ...values: unknown[]): ProcessPromise
  (options: ShellOptions): Shell
  readonly read: Tag
}

/** A command that was run, for the journal; text is redacted by the one who writes it. */
export interface CommandRecord {
  command: string
  /** Null where it is not known how it ended; `error` says why. */
  code: number | null
  /** `TIMEOUT`, `INTERRUPTED`, `CONNECTION_LOST`: it did not come to an end of its own, or none that is known. */
  error?: string
  milliseconds: number
  stdout: string
  stderr: string
  /** `script`: an operation's own, of which the arguments are kept, and no output. */
  kind: 'read' | 'change' | 'script'
}
