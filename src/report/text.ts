import { basename } from 'node:path'
import type { ErrorReport, RunEvent } from '../run/events.ts'
import { mapTexts } from '../run/map_texts.ts'
import { advance, startOfRun } from '../run/progress.ts'
import { errorText } from './error_text.ts'
import { recapText } from './recap.ts'
import { resumedLines } from './resumed_lines.ts'
import { createRoleLines } from './role_lines.ts'
import type { RoleLines } from './role_lines.ts'
import { duration, indent, painter, printable } from './style.ts'

export interface TextReportOptions {
  readonly write: (text: string) => void
  readonly colour: boolean
  /** Show unified diffs of what changes. */
  readonly diffs: boolean
  /** Where the journal is, for the last line. */
  readonly journal: string
  /** The command that continues the run when it fails. */
  readonly goOn: string
  /** A line that is shown until the next one, on terminals: where the run is. */
  readonly status?: (text: string) => void
}

/** The terminal's view of a run: a line per role, the changes under it, errors in full, the recap. */
export function createTextReport(options: TextReportOptions): (event: RunEvent) => void {
  const paint = painter(options.colour)
  const say = (text: string): void => {
    options.status?.('')
    options.write(`${text}\n`)
  }
  let progress = startOfRun([])
  let check = false
  let lines: RoleLines = createRoleLines([], { paint, diffs: false, check })
  // The role's heading is said before its first detail, or at its end, then with a mark that all was well.
  let heading: ((mark: string, time?: number) => void) | null = null
  const detail = (line: string): void => {
    heading?.(paint('yellow', '●'))
    heading = null
    say(line)
  }

  return (told) => {
    const event = mapTexts(told, printable)
    if (event.type === 'run_start') progress = startOfRun(event.hosts, event.resumes?.recap)
    advance(progress, event)
    switch (event.type) {
      case 'run_start':
        check = event.check
        say(
          `${paint('bold', basename(event.playbook))} on ${event.inventory}: ${event.hosts.join(' ')}` +
            (check ? paint('cyan', '  (check: nothing is changed)') : ''),
        )
        if (event.resumes !== undefined) for (const line of resumedLines(event.resumes, paint)) say(line)
        break
      case 'unreachable':
        say(`${paint('red', '✗')} ${event.host}  ${errorText(event.error, paint)}`)
        break
      case 'play_start':
        say(`\n${paint('bold', event.play)}  ${paint('dim', event.hosts.join(' '))}`)
        break
      case 'role_start':
        heading = (mark, time) =>
          say(
            `${mark} ${event.role.padEnd(20)} ${event.summary}${time === undefined ? '' : paint('dim', `  ${duration(time)}`)}`,
          )
        lines = createRoleLines(event.hosts, { paint, diffs: options.diffs, check })
        break
      case 'task_start':
        // Every other host is idle, so what was done before is complete.
        if (progress.running.size === 1) for (const line of lines.rest()) detail(line)
        break
      case 'task_end':
        for (const line of lines.add(event)) detail(line)
        if (event.error !== undefined && isWorthSaying(event.error))
          detail(
            indent(`${paint('red', '✗')} ${event.host}  ${event.task}: ${errorText(event.error, paint)}`, 2),
          )
        break
      case 'warning':
        for (const line of lines.rest()) detail(line)
        detail(`  ${paint('yellow', '!')} ${event.message.replaceAll('\n', '\n    ')}`)
        break
      case 'note':
        for (const line of lines.rest()) detail(line)
        detail(
          `  ${paint('cyan', '·')} ${event.host === undefined ? '' : `${event.host}  `}${event.message.trimEnd().replaceAll('\n', '\n    ')}`,
        )
        break
      case 'role_end':
        for (const line of lines.rest()) detail(line)
        if (event.outcome === 'done') heading?.(paint('green', '✓'), event.milliseconds)
        heading = null
        break
      case 'run_end':
        say(recapText(event, { paint, journal: options.journal, check, goOn: options.goOn }))
        break
    }
    if (event.type === 'run_end') return
    if (event.type === 'progress') return options.status?.(`${progress.role ?? ''}  ${event.message}`)
    const running = [...progress.running.values()].map(({ host, task }) => `${host}: ${task}`)
    options.status?.(running.length === 0 ? '' : `${progress.role}  ${running.join(' · ')}`)
  }
}

/** That a task was interrupted is said by the recap; that something of it could not be ended is not. */
const isWorthSaying = (error: ErrorReport): boolean =>
  error.code !== 'INTERRUPTED' || error.seen !== undefined
