import type { RunEvent, TimedEvent } from '../../../src/run/events.ts'

/** Events with times, each so many milliseconds after the beginning. */
export function timed(events: readonly (readonly [number, RunEvent])[]): TimedEvent[] {
  const began = Date.parse('2026-11-21T03:00:00.000Z')
  return events.map(([after, event]) => ({ time: new Date(began + after).toISOString(), ...event }))
}

type TaskEnd = Extract<RunEvent, { type: 'task_end' }>
type Texts = (what: string) => string

/** A run on two hosts with everything that a journal can hold; `text` gives each text that comes from elsewhere. */
export function fullJournal(text: Texts = (what) => what, check = false): TimedEvent[] {
  const [one, two] = [text('server1'), text('server2')]
  const role = text('web')
  const end = (host: string, task: string, more: Partial<TaskEnd> = {}): TaskEnd => ({
    type: 'task_end',
    role,
    host,
    task: text(task),
    status: 'changed',
    changes: [],
    milliseconds: 2000,
    commands: [],
    ...more,
  })
  const start = (host: string, task: string): RunEvent => ({
    type: 'task_start',
    role,
    host,
    task: text(task),
  })
  const due = { host: one, role, handler: text('restart') }
  const error = {
    code: text('COMMAND_FAILED'),
    message: text('it failed'),
    remedy: text('Mend it.'),
    at: { file: text('site.yml'), line: 3, column: 5 },
    host: two,
    role,
    task: text('start'),
    expected: text('active'),
    seen: text('dead'),
  }
  return timed([
    [
      0,
      {
        type: 'run_start',
        run: text('2026-11-21T03-00-00-000Z'),
        version: text('0.1.0'),
        playbook: text('site.yml'),
        inventory: text('lab.yml'),
        check,
        hosts: [one, two],
        plays: [{ name: text('A site'), hosts: [one, two], roles: [role] }],
      },
    ],
    [1, { type: 'warning', message: text('a warning of the plan') }],
    [90, { type: 'egress', host: one, allowed: [text('deb.example.org')] }],
    [
      95,
      { type: 'egress_refused', host: one, place: text('cdn.example.net:443'), reason: text('not listed') },
    ],
    [100, { type: 'connected', host: one, milliseconds: 100 }],
    [200, { type: 'connected', host: two, milliseconds: 200 }],
    [210, { type: 'play_start', play: text('A site'), hosts: [one, two] }],
    [220, { type: 'role_start', role, summary: text('A web server'), hosts: [one, two] }],
    [
      230,
      {
        type: 'read',
        role,
        host: one,
        command: {
          command: text('cat x'),
          code: 0,
          milliseconds: 8,
          stdout: text('y'),
          stderr: '',
          kind: 'read',
        },
      },
    ],
    [1000, start(one, 'file')],
    [1000, start(two, 'file')],
    [
      3000,
      end(one, 'file', {
        changes: [
          {
            summary: text('+1 line'),
            diff: { path: text('/etc/web'), before: text('old'), after: text('new') },
          },
        ],
      }),
    ],
    [3000, end(two, 'file', { status: 'ok' })],
    [3000, { type: 'handler_due', ...due }],
    [3000, end(two, 'swap', { status: 'skipped', milliseconds: 0, reason: text('not asked for') })],
    [3100, start(two, 'start')],
    [
      7100,
      end(two, 'start', {
        status: 'failed',
        milliseconds: 4000,
        commands: [
          {
            command: text('systemctl start web'),
            code: 3,
            milliseconds: 3900,
            stdout: text('trying'),
            stderr: text('no'),
            kind: 'change',
          },
        ],
        error,
      }),
    ],
    [7110, { type: 'warning', role, message: text('be warned') }],
    [7120, { type: 'note', role, host: one, message: text('by the way') }],
    [7130, { type: 'handler_done', ...due }],
    [7140, { type: 'handler_due', ...due, handler: text('reload') }],
    [7200, { type: 'role_end', role, outcome: 'failed', milliseconds: 6980 }],
    [
      7300,
      {
        type: 'run_end',
        outcome: 'failed',
        exitCode: 2,
        milliseconds: 7300,
        recap: {
          [one]: { ok: 0, changed: 1, failed: 0, skipped: 0, unreachable: false },
          [two]: { ok: 1, changed: 0, failed: 1, skipped: 1, unreachable: false },
        },
        stoppedAt: { role, running: [] },
        error,
      },
    ],
  ])
}
