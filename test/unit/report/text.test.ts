import { describe, expect, test } from 'vitest'
import type { RunEvent } from '../../../src/run/events.ts'
import { createTextReport } from '../../../src/report/text.ts'

function shown(events: RunEvent[], diffs = false): string {
  let text = ''
  const report = createTextReport({
    write: (more) => void (text += more),
    colour: false,
    diffs,
    goOn: 'bringup run site.yml -i lab.yml --resume',
    journal: 'j.jsonl',
  })
  for (const event of events) report(event)
  return text
}

const hosts = ['server1', 'server2']
const start = (check = false): RunEvent[] => [
  {
    type: 'run_start',
    run: '1',
    version: '0',
    playbook: '/p/site.yml',
    inventory: 'lab.yml',
    check,
    hosts,
    plays: [],
  },
  { type: 'play_start', play: 'A site', hosts },
]
const role: RunEvent = { type: 'role_start', role: 'motd', summary: 'A word of welcome', hosts }
const task = (host: string, more: Partial<Extract<RunEvent, { type: 'task_end' }>> = {}): RunEvent => ({
  type: 'task_end',
  role: 'motd',
  host,
  task: 'file /etc/motd',
  status: 'changed',
  changes: [{ summary: '+1 line', diff: { path: '/etc/motd', before: 'a\n', after: 'a\nb\n' } }],
  milliseconds: 12,
  commands: [],
  ...more,
})
const roleEnd = (outcome: 'done' | 'failed' | 'interrupted' = 'done'): RunEvent => ({
  type: 'role_end',
  role: 'motd',
  outcome,
  milliseconds: 300,
})
const counts = { ok: 0, changed: 1, failed: 0, skipped: 0, unreachable: false }
const end: RunEvent = {
  type: 'run_end',
  outcome: 'done',
  exitCode: 0,
  milliseconds: 1234,
  recap: { server1: counts, server2: { ...counts, ok: 1, changed: 0 } },
}

describe('the report of a run', () => {
  test('is one line for a role that found all as wanted', () => {
    const ok = { status: 'ok' as const, changes: [] }
    expect(shown([...start(), role, task('server1', ok), task('server2', ok), roleEnd(), end]))
      .toMatchInlineSnapshot(`
        "site.yml on lab.yml: server1 server2

        A site  server1 server2
        ✓ motd                 A word of welcome  0.3 s

        server1    0 ok    1 changed    0 failed    0 skipped
        server2    1 ok    0 changed    0 failed    0 skipped
        done in 1.2 s  j.jsonl
        "
      `)
  })

  test('says once what happened on several hosts alike', () => {
    expect(shown([...start(), role, task('server1'), task('server2'), roleEnd(), end]))
      .toMatchInlineSnapshot(`
        "site.yml on lab.yml: server1 server2

        A site  server1 server2
        ● motd                 A word of welcome
          ~ server1 server2  file /etc/motd: +1 line

        server1    0 ok    1 changed    0 failed    0 skipped
        server2    1 ok    0 changed    0 failed    0 skipped
        done in 1.2 s  j.jsonl
        "
      `)
  })

  test('shows diffs when asked to', () => {
    expect(shown([...start(true), role, task('server1'), roleEnd(), end], true)).toMatchInlineSnapshot(`
      "site.yml on lab.yml: server1 server2  (check: nothing is changed)

      A site  server1 server2
      ● motd                 A word of welcome
        ~ server1  file /etc/motd: +1 line
            --- /etc/motd
            +++ /etc/motd
            @@ -1,1 +1,2 @@
             a
            +b

      server1    0 ok    1 changed    0 failed    0 skipped
      server2    1 ok    0 changed    0 failed    0 skipped
      checked, nothing was changed in 1.2 s  j.jsonl
      "
    `)
  })

  test('tells a failure in full, and where the run stopped', () => {
    const error = {
      code: 'NOT_MET',
      message: 'it was applied, and is still not as wanted',
      at: { file: 'site.yml', line: 4, column: 5 },
      expected: 'mode 0644',
      seen: 'mode 0600\nand a second line',
      remedy: 'Look at the journal.',
      task: 'file /etc/motd',
    }
    const failed = { ...counts, changed: 0, failed: 1 }
    expect(
      shown([
        ...start(),
        role,
        task('server2', { status: 'failed', changes: [], error }),
        roleEnd('failed'),
        {
          ...end,
          outcome: 'failed',
          exitCode: 2,
          recap: { server1: { ...counts, changed: 0 }, server2: failed },
          stoppedAt: { role: 'motd', running: [] },
          error,
        },
      ]),
    ).toMatchInlineSnapshot(`
      "site.yml on lab.yml: server1 server2

      A site  server1 server2
      ● motd                 A word of welcome
        ✗ server2  file /etc/motd: site.yml:4:5 it was applied, and is still not as wanted [NOT_MET]
          expected  mode 0644
          seen      mode 0600
                    and a second line
          next      Look at the journal.

      server1    0 ok    0 changed    0 failed    0 skipped
      server2    0 ok    0 changed    1 failed    0 skipped
      stopped in motd
      failed in 1.2 s  j.jsonl
      when it is mended, go on from there:
        bringup run site.yml -i lab.yml --resume
      "
    `)
  })

  test('of an interrupted run says what was running', () => {
    const error = { code: 'INTERRUPTED', message: 'interrupted', remedy: 'Run it again.' }
    const stoppedAt = { role: 'motd', running: [{ host: 'server1', task: 'package vim' }] }
    expect(
      shown([
        ...start(),
        role,
        roleEnd('interrupted'),
        { ...end, outcome: 'interrupted', exitCode: 130, stoppedAt, error },
      ]),
    ).toMatchInlineSnapshot(`
      "site.yml on lab.yml: server1 server2

      A site  server1 server2

      server1    0 ok    1 changed    0 failed    0 skipped
      server2    1 ok    0 changed    0 failed    0 skipped
      stopped in motd, in server1: package vim
      interrupted in 1.2 s  j.jsonl
      to go on from there:
        bringup run site.yml -i lab.yml --resume
      "
    `)
  })

  test('says what the next run has to do first, and what an interrupt could not end', () => {
    const due = ['server2', 'server1'].map((host) => ({ host, role: 'motd', handler: 'restart' }))
    const error = { code: 'INTERRUPTED', message: 'interrupted', seen: 'it may still be running there' }
    expect(
      shown([
        ...start(),
        role,
        task('server1', { status: 'interrupted', changes: [], error }),
        task('server2', {
          status: 'interrupted',
          changes: [],
          error: { code: 'INTERRUPTED', message: 'interrupted' },
        }),
        roleEnd('interrupted'),
        { ...end, outcome: 'interrupted', exitCode: 130, due, stoppedAt: { role: 'motd', running: [] } },
      ]),
    ).toMatchInlineSnapshot(`
      "site.yml on lab.yml: server1 server2

      A site  server1 server2
      ● motd                 A word of welcome
        ✗ server1  file /etc/motd: interrupted [INTERRUPTED]
          seen      it may still be running there

      server1    0 ok    1 changed    0 failed    0 skipped
      server2    1 ok    0 changed    0 failed    0 skipped
      stopped in motd
      still due, and left to the next run: motd: restart on server1 server2
      interrupted in 1.2 s  j.jsonl
      to go on from there:
        bringup run site.yml -i lab.yml --resume
      "
    `)
  })

  test('shows on its last line, and nowhere else, how far something long is', () => {
    const [lines, status]: [string[], string[]] = [[], []]
    const report = createTextReport({
      write: (more) => lines.push(more),
      status: (text) => status.push(text),
      colour: false,
      diffs: false,
      goOn: '',
      journal: '',
    })
    for (const event of [...start(), role]) report(event)
    const said = lines.length
    report({ type: 'progress', message: 'drbd-9.2.16: 1.2 MiB of 2.4 MiB, 50 %' })
    expect(status.at(-1)).toBe('motd  drbd-9.2.16: 1.2 MiB of 2.4 MiB, 50 %')
    expect(lines).toHaveLength(said)
  })

  test('says what a resumed run leaves out', () => {
    const resumes = {
      run: 'r1',
      step: 2,
      role: 'motd',
      hosts,
      because: 'the vars of motd have changed since',
    }
    const [first, ...rest] = start()
    expect(shown([{ ...first, resumes } as RunEvent, ...rest])).toMatchInlineSnapshot(`
      "site.yml on lab.yml: server1 server2
      resumes r1 at motd on server1 server2: 2 roles done there
      ! begins early: the vars of motd have changed since

      A site  server1 server2
      "
    `)
  })
})
