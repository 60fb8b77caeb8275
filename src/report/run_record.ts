import type { CommandRecord } from '../shell/shell.ts'
import type { ErrorReport, HostRecap, Resumption, RunEvent, TaskStatus, TimedEvent } from '../run/events.ts'
import { advance, startOfRun } from '../run/progress.ts'
import type { Change } from '../operations/operation.ts'

/** Begins are milliseconds since the run began; what never ended has no end. */
export interface TaskRecord {
  readonly host: string
  readonly task: string
  readonly status: TaskStatus | 'unfinished'
  readonly begin: number
  readonly milliseconds: number
  readonly changes: readonly Change[]
  readonly commands: readonly CommandRecord[]
  readonly reason?: string
  readonly error?: ErrorReport
}

export interface RoleRecord {
  readonly role: string
  readonly summary: string
  readonly hosts: readonly string[]
  readonly begin: number
  milliseconds: number
  outcome: 'done' | 'failed' | 'interrupted' | 'unfinished'
  readonly tasks: TaskRecord[]
  /** Commands that the role ran outside of its tasks. */
  readonly reads: { readonly host: string; readonly command: CommandRecord }[]
}

/** Where a run ends and the one begins that resumes it. */
export interface Seam {
  readonly resumes: Resumption
  /** When it began: ISO 8601, UTC. */
  readonly began: string
}

export interface PlayRecord {
  /** With its first play a run begins that resumes the one before. */
  readonly seam?: Seam
  readonly play: string
  readonly hosts: readonly string[]
  readonly roles: RoleRecord[]
}

export interface HandlerRecord {
  readonly host: string
  readonly role: string
  readonly handler: string
  readonly due: number
  /** When it had run; undefined where it is due still. */
  done?: number
}

export interface EgressRecord {
  allowed: readonly string[]
  readonly refused: { readonly place: string; readonly reason: string }[]
}

export interface Message {
  readonly kind: 'warning' | 'note'
  readonly role?: string
  readonly host?: string
  readonly text: string
}

/** What a journal tells, put in order; also that of a run with those that it resumes, without the time between them. */
export interface RunRecord {
  /** Runs that have been resumed, in order; the one before the first may be lost. */
  readonly seams: readonly Seam[]
  readonly start: Extract<RunEvent, { type: 'run_start' }> | undefined
  /** Undefined where the run was killed: its journal ends without a word. */
  readonly end: Extract<RunEvent, { type: 'run_end' }> | undefined
  /** ISO 8601, UTC. */
  readonly began: string
  readonly lastWord: string
  readonly milliseconds: number
  readonly recap: Readonly<Record<string, HostRecap>>
  /** How long each host took to connect. */
  readonly connected: ReadonlyMap<string, number>
  /** Hosts with the controller's way out, by name. */
  readonly egress: ReadonlyMap<string, EgressRecord>
  readonly plays: readonly PlayRecord[]
  readonly handlers: readonly HandlerRecord[]
  readonly messages: readonly Message[]
  /** Every error once, in order. */
  readonly errors: readonly ErrorReport[]
  /** Those of the runs that have been resumed. */
  readonly earlierErrors: readonly ErrorReport[]
}

/** Pure: the events of one journal, or of those of a story, as a record of the run, whole or cut off. */
export function runRecord(events: readonly TimedEvent[]): RunRecord {
  const began = events[0]?.time ?? ''
  const lastWord = events.at(-1)?.time ?? ''
  let [chapterBegan, before] = [began, 0]
  const offset = (time: string): number =>
    before + (Math.max(0, Date.parse(time) - Date.parse(chapterBegan)) || 0)
  let start: RunRecord['start']
  let end: RunRecord['end']
  let milliseconds = 0

  let progress = startOfRun([])
  const seams: Seam[] = []
  const earlierErrors: ErrorReport[] = []
  let seam: Seam | undefined
  const connected = new Map<string, number>()
  const egress = new Map<string, EgressRecord>()
  const plays: PlayRecord[] = []
  const handlers: HandlerRecord[] = []
  const messages: Message[] = []
  const errors: ErrorReport[] = []
  const begun = new Map<string, { role: RoleRecord; host: string; task: string; begin: number }>()
  let open: RoleRecord | undefined

  const egressOf = (host: string): EgressRecord => {
    const known = egress.get(host) ?? { allowed: [], refused: [] }
    egress.set(host, known)
    return known
  }
  const play = (): PlayRecord => {
    const last = plays.at(-1)
    if (last !== undefined) return last
    const first = { play: '', hosts: start?.hosts ?? [], roles: [] }
    plays.push(first)
    return first
  }
  const openRole = (role: string, summary: string, hosts: readonly string[], begin: number): RoleRecord => {
    open = { role, summary, hosts, begin, milliseconds: 0, outcome: 'unfinished', tasks: [], reads: [] }
    play().roles.push(open)
    return open
  }
  const roleOf = (event: { role: string; time: string }): RoleRecord =>
    open?.role === event.role ? open : openRole(event.role, '', [], offset(event.time))

  const chapterEnds = (time: string): void => {
    milliseconds = end === undefined ? offset(time) : before + end.milliseconds
    for (const { role, host, task, begin } of begun.values()) {
      const until = role.outcome === 'unfinished' ? milliseconds : role.begin + role.milliseconds
      role.tasks.push(unfinished(host, task, begin, Math.max(0, until - begin)))
    }
    begun.clear()
    if (open?.outcome === 'unfinished') open.milliseconds = Math.max(0, milliseconds - open.begin)
    if (end?.error !== undefined && isWorthSaying(end.error)) addError(errors, end.error)
    open = undefined
  }

  for (const [index, event] of events.entries()) {
    advance(progress, event)
    switch (event.type) {
      case 'run_start':
        if (start !== undefined) {
          chapterEnds(events[index - 1]?.time ?? event.time)
          earlierErrors.push(...errors.splice(0))
          ;[chapterBegan, before] = [event.time, milliseconds]
        }
        ;[start, end] = [event, undefined]
        progress = startOfRun(event.hosts, event.resumes?.recap)
        if (event.resumes !== undefined) {
          seam = { resumes: event.resumes, began: event.time }
          seams.push(seam)
        }
        break
      case 'begin':
        for (const due of event.due ?? [])
          if (!handlers.some((handler) => handler.done === undefined && sameHandler(handler, due)))
            handlers.push({ ...named(due), due: offset(event.time) })
        break
      case 'run_end':
        end = event
        break
      case 'connected':
        connected.set(event.host, event.milliseconds)
        break
      case 'unreachable':
        addError(errors, event.error)
        break
      case 'egress':
        egressOf(event.host).allowed = event.allowed
        break
      case 'egress_refused':
        egressOf(event.host).refused.push(event)
        break
      case 'play_start':
        plays.push({
          play: event.play,
          hosts: event.hosts,
          roles: [],
          ...(seam === undefined ? {} : { seam }),
        })
        seam = undefined
        break
      case 'role_start':
        openRole(event.role, event.summary, event.hosts, offset(event.time))
        break
      case 'task_start': {
        const { host, task } = event
        begun.set(taskKey(event), { role: roleOf(event), host, task, begin: offset(event.time) })
        break
      }
      case 'task_end': {
        const begin = begun.get(taskKey(event))?.begin ?? Math.max(0, offset(event.time) - event.milliseconds)
        begun.delete(taskKey(event))
        roleOf(event).tasks.push({ ...event, begin })
        if (event.error !== undefined && isWorthSaying(event.error)) addError(errors, event.error)
        break
      }
      case 'read':
        roleOf(event).reads.push(event)
        break
      case 'handler_due':
        handlers.push({ ...named(event), due: offset(event.time) })
        break
      case 'handler_done':
        for (const handler of handlers)
          if (handler.done === undefined && sameHandler(handler, event)) handler.done = offset(event.time)
        break
      case 'warning':
      case 'note':
        messages.push({ ...event, kind: event.type, text: event.message })
        break
      case 'role_end': {
        const role = roleOf(event)
        role.milliseconds = event.milliseconds
        role.outcome = event.outcome
        break
      }
    }
  }
  chapterEnds(lastWord)
  const recap = end?.recap ?? progress.recap
  return {
    start,
    end,
    began,
    lastWord,
    milliseconds,
    recap,
    connected,
    egress,
    plays,
    handlers,
    messages,
    errors,
    earlierErrors,
    seams,
  }
}

/** The statuses that a recap counts. */
export type Counted = Exclude<TaskStatus, 'interrupted'>

/** How often each host was counted under a status, over all hosts. */
export function counts(recap: Readonly<Record<string, HostRecap>>): Record<Counted, number> {
  const sum = { ok: 0, changed: 0, failed: 0, skipped: 0 }
  for (const host of Object.values(recap)) {
    sum.ok += host.ok
    sum.changed += host.changed
    sum.failed += host.failed
    sum.skipped += host.skipped
  }
  return sum
}

const taskKey = ({ host, task }: { host: string; task: string }): string => JSON.stringify([host, task])

const named = ({ host, role, handler }: { host: string; role: string; handler: string }) => ({
  host,
  role,
  handler,
})

function sameHandler(a: HandlerRecord, b: { host: string; role: string; handler: string }): boolean {
  return a.host === b.host && a.role === b.role && a.handler === b.handler
}

/** That a run was interrupted is said by its outcome; that something of it could not be ended is not. */
const isWorthSaying = (error: ErrorReport): boolean =>
  error.code !== 'INTERRUPTED' || error.seen !== undefined

/** The error that ended a run is, most often, one that a task has told already. */
function addError(errors: ErrorReport[], error: ErrorReport): void {
  const isSame = (told: ErrorReport): boolean =>
    told.code === error.code &&
    told.message === error.message &&
    (error.host === undefined || told.host === error.host) &&
    (error.task === undefined || told.task === error.task)
  if (!errors.some(isSame)) errors.push(error)
}

function unfinished(host: string, task: string, begin: number, milliseconds: number): TaskRecord {
  return { host, task, status: 'unfinished', begin, milliseconds, changes: [], commands: [] }
}
