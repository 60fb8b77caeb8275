import { describe, expect, test } from 'vitest'
import type { RunEvent, TimedEvent } from '../../../src/run/events.ts'
import { counts, runRecord } from '../../../src/report/run_record.ts'
import { fullJournal } from './journals.ts'

describe('the record of a run', () => {
  const whole = runRecord(fullJournal())

  test('has plays, their roles, and the tasks of these with when they began', () => {
    const [role] = whole.plays[0]?.roles ?? []
    expect(whole.plays.map((play) => play.play)).toEqual(['A site'])
    expect(role).toMatchObject({ role: 'web', outcome: 'failed', begin: 220, milliseconds: 6980 })
    expect(role?.tasks.map(({ task, host, status, begin }) => [task, host, status, begin])).toEqual([
      ['file', 'server1', 'changed', 1000],
      ['file', 'server2', 'ok', 1000],
      ['swap', 'server2', 'skipped', 3000],
      ['start', 'server2', 'failed', 3100],
    ])
    expect(role?.reads).toHaveLength(1)
  })

  test('knows which handlers are due still', () => {
    expect(whole.handlers.map(({ handler, done }) => [handler, done])).toEqual([
      ['restart', 7130],
      ['reload', undefined],
    ])
  })

  test('has each error once, though the task and the end of the run both tell it', () => {
    expect(whole.errors.map((error) => error.message)).toEqual(['it failed'])
  })

  test('of a killed run has what was under way when the journal ends', () => {
    const cut = fullJournal().slice(0, -7)
    const record = runRecord(cut)
    expect(record.end).toBeUndefined()
    expect(record.lastWord).toBe(cut.at(-1)?.time)
    expect(record.milliseconds).toBe(3100)
    expect(record.plays[0]?.roles[0]).toMatchObject({ outcome: 'unfinished', milliseconds: 2880 })
    expect(record.plays[0]?.roles[0]?.tasks.at(-1)).toMatchObject({
      task: 'start',
      status: 'unfinished',
      begin: 3100,
    })
    expect(counts(record.recap)).toEqual({ ok: 1, changed: 1, failed: 0, skipped: 1 })
  })

  test('of an empty journal is empty', () => {
    expect(runRecord([])).toMatchObject({ began: '', milliseconds: 0, plays: [], errors: [] })
  })

  test('tells plays with the same role apart, and a role that serial runs again', () => {
    const events = fullJournal()
    const again = events.slice(4, 20)
    const roles = runRecord([...events.slice(0, 20), ...again]).plays.map((play) => play.roles.length)
    expect(roles).toEqual([1, 1])
  })

  test('of a run and the one that resumes it is one story, without the time between them', () => {
    const day = 86_400_000
    const first = fullJournal()
    const later = (events: readonly TimedEvent[]): TimedEvent[] =>
      events.map((event) => ({ ...event, time: new Date(Date.parse(event.time) + day).toISOString() }))
    const [start, ...rest] = later(first)
    if (start?.type !== 'run_start') throw new Error('no start')
    const recap = { server1: { ok: 0, changed: 1, failed: 0, skipped: 0, unreachable: false } }
    const resumes = { run: start.run, step: 0, role: 'web', hosts: ['server1', 'server2'], recap }
    const due = [{ host: 'server1', role: 'web', handler: 'reload' }]
    const done: RunEvent = { type: 'handler_done', ...due[0]! }
    const second = [
      { ...start, run: 'second', resumes, due },
      ...rest.slice(0, -2),
      { ...done, time: rest.at(-2)!.time },
    ]
    const story = runRecord([...first, ...second])
    expect(story.start?.run).toBe('second')
    expect(story.end).toBeUndefined()
    expect(story.plays.map(({ seam }) => seam?.resumes.run)).toEqual([undefined, start.run])
    expect(story.plays.flatMap(({ roles }) => roles.map(({ begin }) => begin))).toEqual([220, 7300 + 220])
    expect(story.milliseconds).toBe(7300 + 7200)
    // What the first left due and the second did is one line, which the second adds one of its own to.
    expect(story.handlers.map(({ handler, done: at }) => [handler, at])).toEqual([
      ['restart', 7130],
      ['reload', 7300 + 7200],
      ['restart', 7300 + 7130],
      ['reload', 7300 + 7200],
    ])
    expect([story.earlierErrors, story.errors].map((errors) => errors.length)).toEqual([1, 1])
    expect(counts(story.recap)).toEqual({ ok: 1, changed: 2, failed: 1, skipped: 1 })
  })
})
