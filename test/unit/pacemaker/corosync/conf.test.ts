import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseConf, renderConf } from '../../../../src/pacemaker/corosync/conf.ts'
import type { Entry, Section } from '../../../../src/pacemaker/corosync/conf.ts'
import { COROSYNCS, fixture } from '../fixture.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/)
const text = fc.stringMatching(/^([a-z0-9]([a-z0-9:.# -]{0,8}[a-z0-9])?)?$/)

const conf: fc.Arbitrary<Section> = fc
  .letrec<{ entry: Entry; section: Section }>((tie) => ({
    entry: fc.oneof({ maxDepth: 3 }, fc.record({ key: word, value: text }), tie('section')),
    section: fc.record({ name: word, entries: fc.array(tie('entry'), { maxLength: 4 }) }),
  }))
  .section.map((section) => ({ ...section, name: '' }))

test('what is rendered is read back', () => {
  fc.assert(
    fc.property(conf, (file) => {
      expect(parseConf(renderConf(file))).toEqual(file)
    }),
  )
})

test.each(COROSYNCS)('the file that pcs wrote for corosync %s comes through unchanged', (version) => {
  const file = fixture(`corosync-${version}/corosync.conf`)
  expect(renderConf(parseConf(file))).toBe(file)
})

test('comments, tabs and repeated sections', () => {
  const file =
    '# ours\ntotem {\n\tversion: 2\n\t# bindnetaddr: 10.0.0.0\n\tinterface {\n\t}\n\tinterface {\n\t\tttl:  1 \n\t}\n}\n'
  expect(parseConf(file).entries).toEqual([
    {
      name: 'totem',
      entries: [
        { key: 'version', value: '2' },
        { name: 'interface', entries: [] },
        { name: 'interface', entries: [{ key: 'ttl', value: '1' }] },
      ],
    },
  ])
})

test.each([
  ['totem {\n', 'line 2: section totem is not closed'],
  ['}\n', 'line 1: "}" without a section'],
  ['totem {\nversion 2\n}', 'line 2: "version 2" is neither'],
  ['{\n}', 'line 1: a section without a name'],
])('%j is refused at its line', (file, message) => {
  expect(() => parseConf(file)).toThrow(
    expect.objectContaining({ code: 'FILE_UNREADABLE', message: expect.stringContaining(message) }),
  )
})
