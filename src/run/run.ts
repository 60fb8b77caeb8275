import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Redactor } from '../secret.ts'
import type { Shell } from '../shell/shell.ts'
import type { GetSource } from '../sources/create_sources.ts'
import type { Emit } from './events.ts'

/** What all parts of one run share. */
export interface Run {
  readonly check: boolean
  readonly emit: Emit
  readonly redactor: Redactor
  /** Aborted when the operator interrupts; commands are then killed on the hosts. */
  readonly signal: AbortSignal
  /** Errors that nobody waits for; they end the role that is at work. */
  readonly strays: AbortSignal
  /** Where the operator is: paths are shown as seen from there. */
  readonly cwd: string
  /** Directory of the playbook's project, against which the sources of files are found. */
  readonly projectDirectory: string
  /** Release tarballs on the controller, for the roles that build. */
  readonly source: GetSource
  /** The shell of the task that is running, so that `node.$` inside a task counts for that task. */
  readonly currentShell: AsyncLocalStorage<{ host: string; shell: Shell }>
}
