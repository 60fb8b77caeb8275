import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reportCommand } from '../../../src/cli/report.ts'
import type { ReportArguments } from '../../../src/cli/report.ts'
import type { TimedEvent } from '../../../src/run/events.ts'
import { openJournal } from '../../../src/run/journal.ts'
import { fullJournal } from '../report/journals.ts'

let cwd: string
beforeEach(() => void (cwd = mkdtempSync(join(tmpdir(), 'bringup-report-'))))
afterEach(() => rmSync(cwd, { recursive: true }))

function write(run: string, events: readonly TimedEvent[]): void {
  const began = new Date(run.replace(/-(\d\d)-(\d\d)-(\d+)Z$/, ':$1:$2.$3Z'))
  const journal = openJournal(join(cwd, '.bringup', 'runs'), began)
  for (const event of events) journal.write(event)
  journal.close()
}

async function report(run?: string, options: Partial<ReportArguments> = {}): Promise<string> {
  let text = ''
  const out = (more: string): void => void (text += more)
  await reportCommand(run, { list: false, ...options }, { cwd, out, colour: false })
  return text
}

const [early, late] = ['2026-11-21T03-00-00-000Z', '2026-11-21T04-00-00-000Z']

describe('bringup report', () => {
  beforeEach(() => {
    write(early, fullJournal())
    write(late, fullJournal().slice(0, -7))
  })

  test('writes the page of the latest run beside its journal', async () => {
    const path = join('.bringup', 'runs', late, 'report.html')
    expect(await report()).toBe(`${path}\n`)
    expect(readFileSync(join(cwd, path), 'utf8')).toContain('ended without a word')
  })

  test('for its owner only, also over a file that others could read', async () => {
    const path = join(cwd, '.bringup', 'runs', early, 'report.html')
    writeFileSync(path, 'old')
    chmodSync(path, 0o644)
    await report(early)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toMatch(/^<!doctype html>/)
  })

  test('takes the beginning of a name, if there is one run that has it', async () => {
    expect(await report('2026-11-21T03')).toContain(early)
    await expect(report('2026-11')).rejects.toMatchObject({
      code: 'USAGE',
      details: { seen: `${late}\n${early}` },
    })
    await expect(report('1999')).rejects.toMatchObject({ code: 'USAGE' })
  })

  test('prints the page, or writes it where it is told to', async () => {
    expect(await report(early, { output: '-' })).toMatch(/^<!doctype html>[^]*<\/html>\n$/)
    expect(await report(early, { output: 'page.html' })).toBe('page.html\n')
    expect(statSync(join(cwd, 'page.html')).mode & 0o777).toBe(0o600)
    await expect(report(early, { output: 'no/such/page.html' })).rejects.toMatchObject({
      code: 'WRITE_FAILED',
    })
  })

  test('lists the runs, the newest first', async () => {
    mkdirSync(join(cwd, '.bringup', 'runs', '2026-11-21T05-00-00-000Z'))
    expect(await report(undefined, { list: true })).toMatchInlineSnapshot(`
      "RUN                       PLAYBOOK  OUTCOME     CHANGED  FAILED  TOOK   HOSTS
      2026-11-21T04-00-00-000Z  site.yml  unfinished  1        0       3.1 s  server1 server2
      2026-11-21T03-00-00-000Z  site.yml  failed      1        1       7.3 s  server1 server2
      "
    `)
  })
})

test('where nothing was run, says so', async () => {
  expect(await report(undefined, { list: true })).toBe('no runs yet\n')
  await expect(report()).rejects.toMatchObject({ code: 'USAGE' })
})

describe('a run that resumes another', () => {
  const resumed = (run: string): TimedEvent[] =>
    fullJournal((text) => text).map((event) =>
      event.type === 'run_start'
        ? { ...event, run: late, resumes: { run, step: 0, role: 'web', hosts: event.hosts } }
        : event,
    )

  test('is told together with it', async () => {
    write(early, fullJournal())
    write(late, resumed(early))
    const page = await report(late, { output: '-' })
    expect(page.match(/class="play"/g)).toHaveLength(2)
    expect(page).toContain(`continues the run ${early}`)
  })

  test.each([early, late, '../../elsewhere'])(
    'is told alone where %s is not another run here',
    async (run) => {
      write(late, resumed(run))
      const page = await report(late, { output: '-' })
      expect(page.match(/class="play"/g)).toHaveLength(1)
      expect(page).toContain(`continues the run ${run}`)
    },
  )
})
