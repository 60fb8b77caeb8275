import { expect, test } from 'vitest'
import { parseFacts } from '../../../src/facts/parse.ts'
import { unitFileStates } from '../../../src/facts/unit_files.ts'

const etc = '/etc/systemd/system'
const lib = '/lib/systemd/system'

test.each<[state: string, files: string[], install: string[]]>([
  ['static', [`90 ${lib}/a.service\t`], []],
  ['disabled', [`90 ${lib}/a.service\t`], [`${lib}/a.service:WantedBy=`]],
  ['indirect', [`90 ${lib}/a.service\t`], [`${lib}/a.service:Also=`]],
  [
    'enabled',
    [`90 ${lib}/a.service\t`, `30 ${etc}/multi-user.target.wants/a.service\t${lib}/a.service`],
    [`${lib}/a.service:WantedBy=`],
  ],
  [
    'enabled-runtime',
    [`90 ${lib}/a.service\t`, `30 /run/systemd/generator/local-fs.target.wants/a.service\t${lib}/a.service`],
    [],
  ],
  [
    'enabled',
    [`90 ${lib}/a.service\t`, `30 ${etc}/b.service\t${lib}/a.service`],
    [`${lib}/a.service:Alias=`],
  ],
  ['alias', [`90 ${lib}/b.service\t`, `30 ${etc}/a.service\t${lib}/b.service`], []],
  ['alias', [`90 ${lib}/b.service\t`, `9 ${lib}/a.service\tb.service`], []],
  ['masked', [`90 ${lib}/a.service\t`, `9 ${etc}/a.service\t/dev/null`], []],
  ['masked', [`90 ${lib}/a.service\t`, `0 ${etc}/a.service\t`], []],
  ['masked-runtime', [`90 ${lib}/a.service\t`, `9 /run/systemd/system/a.service\t/dev/null`], []],
  ['linked', [`30 ${etc}/a.service\t/opt/a/a.service`], []],
  ['generated', [`90 /run/systemd/generator.late/a.service\t`], []],
  ['transient', [`90 /run/systemd/transient/a.service\t`], []],
  ['static', [`90 ${etc}/a.service\t`, `90 ${lib}/a.service\t`], [`${lib}/a.service:WantedBy=`]],
])('%s: %j', (state, files, install) => {
  expect(unitFileStates(files, install).get('a')).toBe(state)
})

test('a template is enabled by its instances', () => {
  const files = [
    `90 ${lib}/getty@.service\t`,
    `9 ${etc}/getty.target.wants/getty@tty1.service\t${lib}/getty@.service`,
  ]
  expect(unitFileStates(files, [`${lib}/getty@.service:WantedBy=`]).get('getty@')).toBe('enabled')
})

test('the last line of a section, which has lost its tab there, is a unit like the others', () => {
  const sections = { unit_files: `90 ${lib}/a.service\t\n90 ${lib}/pcsd.service\t`, end: '' }
  const text = Object.entries(sections).map(([name, body]) => `\nMARK ${name}\n${body}\n`)
  expect(parseFacts(text.join(''), 'MARK').services).toEqual({
    a: { active: 'inactive', enabled: 'static' },
    pcsd: { active: 'inactive', enabled: 'static' },
  })
})
