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
  code: number
  milliseconds: number
  stdout: string
  stderr: string
  kind: 'read' | 'change'
}
