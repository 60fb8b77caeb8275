import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runPage } from '../../../../src/report/html/page.ts'
import { fullJournal } from '../journals.ts'

/** The page without what attributes hold: nothing of a journal may change it. */
const skeleton = (page: string): string[] =>
  page.match(/<[^>]*>/g)?.map((tag) => tag.replace(/"[^"]*"/g, '""')) ?? []

const textOf = (page: string): string =>
  page.replace(/<style>.*?<\/style>|<script>.*?<\/script>/gs, '').replace(/<[^>]*>/g, ' ')

describe('the page of a run', () => {
  test('tells all that the journal has', () => {
    const text = textOf(runPage(fullJournal()))
    const told = `site.yml lab.yml server1 server2 0.1.0 failed|A site|A web server|+1 line|/etc/web|not asked for
      systemctl start web|exit 3|trying|no|it failed|COMMAND_FAILED|Mend it.|site.yml:3:5|active|dead|be warned
      a warning of the plan|deb.example.org|cdn.example.net:443|by the way|restart|still due|cat x`
    for (const piece of told.split(/\||\n\s*/)) {
      for (const word of piece.includes(' ') && /yml/.test(piece) ? piece.split(' ') : [piece])
        expect(text).toContain(word)
    }
  })

  test('needs nothing from elsewhere, and its policy allows nothing', () => {
    const page = runPage(fullJournal())
    expect(page).not.toMatch(/\b(?:src|href)="(?!#)/)
    expect(page).not.toMatch(/url\(|@import|https?:/)
    const [, script = ''] = /<script>(.*)<\/script>/s.exec(page) ?? []
    const hash = createHash('sha256').update(script).digest('base64')
    expect(page).toContain(`default-src &#39;none&#39;`)
    expect(page).toContain(`script-src &#39;sha256-${hash}&#39;`)
  })

  const plain = skeleton(runPage(fullJournal((what) => `a${what}`)))

  test.each([
    '<script>alert(1)</script>',
    '</pre></style></script><img src=x onerror=alert(1)>',
    `" onmouseover="alert(1)" x='`,
    "'><svg/onload=alert(1)>",
    '<!-- ]]> -->',
    '&lt;b&gt; &#60;',
  ])('takes %s for text, wherever it stands', (hostile) => {
    const page = runPage(fullJournal((what) => `a${hostile}${what}`))
    expect(skeleton(page)).toEqual(plain)
    expect(page).not.toContain(hostile)
  })

  test('has the same structure whatever stands in the journal', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('<', '>', '&', '"', "'", '/', '=', '!', '-', '`', '\0', '\u202E', 's'),
      maxLength: 20,
    })
    fc.assert(
      fc.property(hostile, (text) => {
        expect(skeleton(runPage(fullJournal((what) => `a${text}${what}`)))).toEqual(plain)
      }),
      { numRuns: 60 },
    )
  })

  test('shows control characters and turned writing instead of obeying them', () => {
    const page = runPage(fullJournal((what) => `${what}\u202E\u0007`))
    expect(page).toContain('site.yml⟨U+202E⟩␇')
    for (const character of ['\u202E', '\u0007']) expect(page).not.toContain(character)
  })

  test('shows output as a terminal would leave it', () => {
    const page = runPage(
      fullJournal((what) => (what === 'trying' ? '\u001B[32m10%\r20%\r\ndone\u001B[0m\n\n' : what)),
    )
    expect(page).toContain('>10%\n20%\ndone</pre>')
  })

  test('says of a journal that is cut off that it ended without a word, where and when', () => {
    const text = textOf(runPage(fullJournal().slice(0, -7))).replace(/\s+/g, ' ')
    expect(text).toContain('ended without a word at 03:00:03 UTC')
    expect(text).toContain('The journal ends in web , at server2: start.')
    expect(text).toContain('at least 3.1 s')
  })

  test('never says of a check that something was changed', () => {
    const text = textOf(runPage(fullJournal((what) => what, true)))
    expect(text).toContain('would change')
    expect(text).not.toMatch(/\bchanged\b/)
  })

  test('is there for a journal that holds nothing yet', () => {
    expect(runPage([])).toContain('ended without a word')
    expect(runPage(fullJournal().slice(0, 1))).toContain('The journal ends before the first role')
  })

  test('shows once what hosts did alike', () => {
    const events = fullJournal()
    const changed = events.find((event) => event.type === 'task_end' && event.host === 'server1')
    const alike = events.map((event) =>
      event.type === 'task_end' && event.host === 'server2' && event.task === 'file' && changed !== undefined
        ? { ...changed, host: 'server2' }
        : event,
    )
    expect(runPage(alike).match(/class="diff"/g)).toHaveLength(1)
    expect(runPage(alike)).toContain('data-hosts="0 1" data-status="changed"')
  })
})

test('a run that resumes another is shown with a seam between them', () => {
  const second = fullJournal().map((event) =>
    event.type === 'run_start'
      ? { ...event, run: 'second', resumes: { run: event.run, step: 1, role: 'web', hosts: event.hosts } }
      : event,
  )
  const text = textOf(runPage([...fullJournal(), ...second])).replace(/\s+/g, ' ')
  expect(text).toContain('What went wrong before it was resumed')
  expect(text).toMatch(/A site .* Resumed 2026-11-21 03:00:00 UTC, at web on server1, server2 .* A site /)
  expect(text).toContain('continues the run 2026-11-21T03-00-00-000Z')
})

test.each([
  [2, 'columns'],
  [5, 'on'],
  [20, 'dots'],
])('%i hosts are shown as %s', (count, look) => {
  const more = Array.from({ length: count - 2 }, (_, index) => `node${index}`)
  const events = fullJournal().map((event) =>
    event.type === 'run_start' ? { ...event, hosts: [...event.hosts, ...more] } : event,
  )
  const page = runPage(events)
  expect(page).toMatch(new RegExp(`<span class="(?:on )?${look}"`))
  // How it ended is said in words, however many there are.
  expect(textOf(page)).toMatch(look === 'dots' ? /1 changed, 1 ok/ : /server1 +changed/)
})
