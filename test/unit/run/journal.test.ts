import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDueHandlers } from '../../../src/run/due_handlers.ts'
import type { DueHandler, RunEvent, TimedEvent } from '../../../src/run/events.ts'
import { listRuns, openJournal, readJournal } from '../../../src/run/journal.ts'
import { dueIn, leftDue } from '../../../src/run/left_due.ts'

let runs: string
beforeEach(() => void (runs = mkdtempSync(join(tmpdir(), 'bringup-journal-'))))
afterEach(() => rmSync(runs, { recursive: true }))

const at = (event: RunEvent): TimedEvent => ({ time: '2026-01-01T00:00:00.000Z', ...event })
const start = (run: string, inventory: string, check = false): TimedEvent =>
  at({ type: 'run_start', run, version: '0', playbook: 'p.yml', inventory, check, hosts: [], plays: [] })
const begin = at({ type: 'begin' })
const restart: DueHandler = { host: 'a', role: 'web', handler: 'restart' }

function write(run: string, events: TimedEvent[]): string {
  const journal = openJournal(runs, new Date(Number(run)))
  for (const event of events) journal.write(event)
  journal.close()
  return journal.file
}

function mkdirIn(run: string): string {
  const directory = join(runs, run)
  mkdirSync(directory)
  return directory
}

describe('the journal', () => {
  test('is for its owner only, and is read back as written', () => {
    const events = [start('1', '/i'), at({ type: 'handler_due', ...restart })]
    const file = write('1', events)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readJournal(file)).toEqual(events)
  })

  test('of runs that begin in the same millisecond is one for each', () => {
    const [one, other] = ['1', '1'].map((run) => write(run, [start(run, '/i')]))
    expect(other).not.toBe(one)
    expect(listRuns(runs)).toEqual(['1970-01-01T00-00-00-002Z', '1970-01-01T00-00-00-001Z'])
    expect(readJournal(one!)).toHaveLength(1)
  })

  test('of a controller that died in the middle of a line is true up to that line', () => {
    const file = write('1', [start('1', '/i')])
    appendFileSync(file, '{"type":"handler_d')
    expect(readJournal(file)).toHaveLength(1)
  })

  test('is told from its first line which inventory it is of, however long that line', () => {
    const long = {
      ...start('1', '/i'),
      hosts: Array.from({ length: 5000 }, (_, n) => `server${n}`),
    } as TimedEvent
    write('1', [long, begin, at({ type: 'handler_due', ...restart })])
    appendFileSync(join(mkdirIn('2'), 'journal.jsonl'), '{"type":"run_sta')
    mkdirIn('3')
    expect(leftDue(runs, '/i')).toEqual([restart])
  })

  test('keeps a handler due until it has run, for the same inventory, whatever was checked in between', () => {
    write('1', [start('1', '/i'), begin, at({ type: 'handler_due', ...restart })])
    write('2', [start('2', '/other'), begin])
    write('3', [start('3', '/i', true)])
    expect(leftDue(runs, '/i')).toEqual([restart])
    expect(leftDue(runs, '/other')).toEqual([])
    write('4', [
      start('4', '/i'),
      begin,
      at({ type: 'handler_due', ...restart }),
      at({ type: 'handler_done', ...restart }),
    ])
    expect(leftDue(runs, '/i')).toEqual([])
  })

  test('keeps it due over runs that never began, as when another run had the hosts', () => {
    write('1', [start('1', '/i'), begin, at({ type: 'handler_due', ...restart })])
    write('2', [start('2', '/i')])
    expect(leftDue(runs, '/i')).toEqual([restart])
    write('3', [start('3', '/i'), at({ type: 'begin', due: [restart] })])
    expect(leftDue(runs, '/i')).toEqual([restart])
  })
})

test('what is due, as the journal tells it, is what the run itself holds due', () => {
  const names = fc.constantFrom('a', 'b', 'c')
  const due = fc.record({ host: names, role: names, handler: names })
  fc.assert(
    fc.property(fc.array(due), fc.array(fc.tuple(fc.boolean(), due)), (left, steps) => {
      const events: TimedEvent[] = [start('1', '/i'), at({ type: 'begin', due: left })]
      const handlers = createDueHandlers((event) => events.push(at(event)), left)
      for (const [due, one] of steps)
        if (due) handlers.add(one)
        else handlers.done(one)
      expect(dueIn(events)).toEqual(handlers.all)
      for (const one of dueIn(events)) expect(handlers.of(one.role).get(one.handler)).toContain(one.host)
    }),
  )
})
