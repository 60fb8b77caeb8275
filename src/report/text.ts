import { basename } from 'node:path'
import type { RunEvent } from '../run/events.ts'
import { advance, startOfRun } from '../run/progress.ts'
import { errorText } from './error_text.ts'
import { recapText } from './recap.ts'
import { createRoleLines } from './role_lines.ts'
import type { RoleLines } from './role_lines.ts'
import { duration, indent, painter } from './style.ts'

export interface TextReportOptions {
  readonly write: (text: string) => void
  readonly colour: boolean
  /** Show unified diffs of what changes. */
  readonly diffs: boolean
  /** Where the journal is, for the last line. */
  readonly journal: string
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
  let hosts: readonly string[] = []
  let summary = ''
  let lines: RoleLines = createRoleLines([], { paint, diffs: false, check })
  let changed = 0
  const warnings: string[] = []

  const roleEnd = (event: Extract<RunEvent, { type: 'role_end' }>): void => {
    for (const line of lines.rest()) say(line)
    const mark = event.failed ? paint('red', '✗') : changed > 0 ? paint('yellow', '●') : paint('green', '✓')
    const what = event.failed
      ? 'failed'
      : changed > 0
        ? `${changed} ${check ? 'would change' : 'changed'}`
        : 'ok'
    const time = paint('dim', duration(event.milliseconds))
    say(`${mark} ${event.role.padEnd(20)} ${what.padEnd(16)} ${time}  ${paint('dim', summary)}`)
  }

  return (event) => {
    if (event.type === 'run_start') progress = startOfRun(event.hosts)
    advance(progress, event)
    switch (event.type) {
      case 'run_start':
        check = event.check
        say(
          `${paint('bold', basename(event.playbook))} on ${event.inventory}: ${event.hosts.join(' ')}` +
            (check ? paint('cyan', '  (check: nothing is changed)') : ''),
        )
        break
      case 'unreachable':
        say(`${paint('red', '✗')} ${event.host}  ${errorText(event.error, paint)}`)
        break
      case 'play_start':
        say(`\n${paint('bold', event.play)}  ${paint('dim', event.hosts.join(' '))}`)
        break
      case 'role_start':
        hosts = event.hosts
        summary = event.summary
        changed = 0
        lines = createRoleLines(hosts, { paint, diffs: options.diffs, check })
        break
      case 'task_end':
        if (event.status === 'changed') changed += 1
        for (const line of lines.add(event)) say(line)
        if (event.error !== undefined)
          say(
            indent(`${paint('red', '✗')} ${event.host}  ${event.task}: ${errorText(event.error, paint)}`, 2),
          )
        break
      case 'warning':
        warnings.push(event.message)
        say(`  ${paint('yellow', '!')} ${event.message}`)
        break
      case 'note':
        say(`  ${paint('cyan', '·')} ${event.host === undefined ? '' : `${event.host}  `}${event.message}`)
        break
      case 'role_end':
        roleEnd(event)
        break
      case 'run_end':
        say(recapText(event, { paint, journal: options.journal, check, warnings }))
        break
    }
    if (event.type === 'run_end') return
    const running = [...progress.running.values()].map(({ host, task }) => `${host}: ${task}`)
    options.status?.(running.length === 0 ? '' : `${progress.role}  ${running.join(' · ')}`)
  }
}
