import type { ErrorDetails } from '../errors.ts'
import type { Change } from '../operations/operation.ts'
import type { CommandRecord } from '../shell/shell.ts'

/** `interrupted`: the run was, in the middle of it. */
export type TaskStatus = 'ok' | 'changed' | 'failed' | 'skipped' | 'interrupted'

/** An error as it is reported and written: every field of a BringupError, redacted. */
export interface ErrorReport extends Omit<ErrorDetails, 'cause'> {
  code: string
  message: string
}

/** A handler that a change on a host has made due. */
export interface DueHandler {
  readonly host: string
  readonly role: string
  readonly handler: string
}

export interface HostRecap {
  ok: number
  changed: number
  failed: number
  skipped: number
  unreachable: boolean
}

/** One play of a run; its steps are its roles, batch after batch. */
export interface PlayOutline {
  name: string
  hosts: string[]
  roles: string[]
  /** Hosts that go through the roles together. From here on: absent in journals that can not be resumed. */
  batches?: string[][]
  /** By batch and role: of the vars, without secrets. */
  varsDigests?: string[][]
  /** By role: of the files in its directory. */
  filesDigests?: string[]
}

/** Where a run goes on that an earlier one has begun. */
export interface Resumption {
  /** The earlier run. */
  run: string
  /** How many steps are done there, and so the number of the first one here. */
  step: number
  /** The role of that step, and its hosts. */
  role: string
  hosts: string[]
  /** Why it begins before the step that failed. */
  because?: string
  /** What has been counted so far; failures are not among it, as their roles are run again. Not in checks. */
  recap?: Record<string, HostRecap>
}

/** `locked`: another run worked on its hosts, and it changed nothing. */
export type RunOutcome = 'done' | 'failed' | 'unreachable' | 'locked' | 'interrupted'

/**
 * What happens in a run, in order. The journal is these, one JSON line each; the reports are made of nothing else.
 * Durations are milliseconds.
 */
export type RunEvent =
  | {
      type: 'run_start'
      run: string
      version: string
      playbook: string
      inventory: string
      check: boolean
      hosts: string[]
      plays: PlayOutline[]
      startAt?: string
      resumes?: Resumption
    }
  | { type: 'connected'; host: string; milliseconds: number }
  | { type: 'unreachable'; host: string; error: ErrorReport }
  /** The places that a host may reach through the controller, when that is opened and whenever there are more. */
  | { type: 'egress'; host: string; allowed: string[] }
  /** What it asked for and was not given; each place once. */
  | { type: 'egress_refused'; host: string; place: string; reason: string }
  /**
   * The run has its hosts for itself and begins to change them. It takes over the handlers that the run before it left
   * due, in one line: a run that dies before it, or at once, loses none.
   */
  | { type: 'begin'; due?: DueHandler[] }
  | { type: 'play_start'; play: string; hosts: string[] }
  | { type: 'role_start'; role: string; summary: string; hosts: string[]; step?: number }
  | { type: 'task_start'; role: string; host: string; task: string }
  | {
      type: 'task_end'
      role: string
      host: string
      task: string
      status: TaskStatus
      changes: Change[]
      milliseconds: number
      commands: CommandRecord[]
      /** Why it was skipped. */
      reason?: string
      error?: ErrorReport
    }
  | { type: 'read'; role: string; host: string; command: CommandRecord }
  /** A role looks at what it would write to, before the play changes anything. */
  | { type: 'look'; role: string; host: string; command: CommandRecord }
  | ({ type: 'handler_due' } & DueHandler)
  | ({ type: 'handler_done' } & DueHandler)
  | { type: 'warning'; role?: string; message: string }
  /** How far something long is, for who watches. */
  | { type: 'progress'; host?: string; message: string }
  | { type: 'note'; role?: string; host?: string; message: string }
  | {
      type: 'role_end'
      role: string
      outcome: 'done' | 'failed' | 'interrupted'
      /** Hosts that failed in it, where the play goes on without them. */
      failed?: string[]
      milliseconds: number
    }
  | {
      type: 'run_end'
      outcome: RunOutcome
      exitCode: number
      milliseconds: number
      recap: Record<string, HostRecap>
      /** Where it was when it stopped before its end. */
      stoppedAt?: { role: string; running: { host: string; task: string }[] }
      /** Handlers that have not run; the next run on this inventory takes them over. */
      due?: DueHandler[]
      error?: ErrorReport
    }

/** A {@link RunEvent} as it is written: with its time, ISO 8601 in UTC. */
export type TimedEvent = RunEvent & { time: string }

export type Emit = (event: RunEvent) => void
