import { expect, test } from 'vitest'
import { parseInstalled, parsePolicy, parseRemovals } from '../../../src/operations/apt_output.ts'
import { packageOperation } from '../../../src/operations/package.ts'
import type { Packages } from '../../../src/operations/package_state.ts'
import { versionMatches } from '../../../src/operations/package_state.ts'
import { parseRpmRead } from '../../../src/operations/rpm_output.ts'

const now: Packages = {
  packages: {
    pcs: { installed: ['0.11.4-1'], candidate: '0.11.5-1+deb12u1' },
    corosync: { installed: [], candidate: '3.1.7-1' },
    unknown: { installed: [], candidate: null },
    'kernel-devel': { installed: ['5.14.0-1.el9', '5.14.0-2.el9'], candidate: null },
  },
  dependants: [],
}

test.each<[string, string[], 'present' | 'absent' | 'latest', string[]]>([
  ['what is there is met', ['pcs'], 'present', []],
  [
    'what is missing is installed',
    ['corosync', 'unknown'],
    'present',
    ['install corosync 3.1.7-1', 'install unknown'],
  ],
  ['a version that is there is met', ['pcs=0.11*'], 'present', []],
  ['another version replaces it', ['pcs=0.11.5*'], 'present', ['change pcs 0.11.4-1 → 0.11.5-1+deb12u1']],
  ['a version that nobody has', ['pcs=9*'], 'present', ['change pcs 0.11.4-1 → 9*']],
  ['a version of several', ['kernel-devel=5.14.0-2.el9'], 'present', []],
  ['the latest', ['pcs'], 'latest', ['upgrade pcs 0.11.4-1 → 0.11.5-1+deb12u1']],
  ['the latest where nobody knows it', ['kernel-devel'], 'latest', []],
  ['what is to go', ['pcs', 'corosync'], 'absent', ['remove pcs 0.11.4-1']],
])('%s', (_, names, state, summaries) => {
  const want = packageOperation.params.parse({ names, state })
  expect(packageOperation.plan(now, want).map((change) => change.summary)).toEqual(summaries)
})

test.each<[string, Packages['inFiles'], string[]]>([
  ['the very version of a file', [{ name: 'pcs', version: '0.11.4-1', file: '/tmp/pcs.deb' }], []],
  [
    'another revision than that of a file',
    [{ name: 'pcs', version: '0.11.4', file: '/tmp/pcs.deb' }],
    ['change pcs 0.11.4-1 → 0.11.4'],
  ],
  [
    'a file that is still to come, as in check mode',
    [{ name: 'new.rpm', version: null, file: '/tmp/new.rpm' }],
    ['install new.rpm'],
  ],
])('%s', (_, inFiles, summaries) => {
  const want = packageOperation.params.parse({ files: (inFiles ?? []).map(({ file }) => file ?? '') })
  const seen: Packages = { ...now, ...(inFiles === undefined ? {} : { inFiles }) }
  expect(packageOperation.plan(seen, want).map((change) => change.summary)).toEqual(summaries)
  expect(packageOperation.plan(packageOperation.after(seen, want), want)).toEqual([])
})

test('what was cut off is completed first, also where all packages are there', () => {
  const summaries = (names: string[]): string[] =>
    packageOperation
      .plan({ ...now, cutOff: true }, packageOperation.params.parse({ names }))
      .map((change) => change.summary)
  expect(summaries(['pcs'])).toEqual(['complete an installation that was cut off'])
  expect(summaries(['corosync'])).toEqual([
    'complete an installation that was cut off',
    'install corosync 3.1.7-1',
  ])
})

test('what would go with a removal is said', () => {
  const want = packageOperation.params.parse({ names: 'pcs', state: 'absent' })
  expect(packageOperation.plan({ ...now, dependants: ['crmsh', 'booth-pcs'] }, want).at(-1)).toEqual({
    summary: 'remove with it, since they need it: crmsh, booth-pcs',
  })
})

test.each([
  ['0.11.5-1+deb12u1', '0.11*', true],
  ['0.11.5-1+deb12u1', '0.11.5', true],
  ['0.11.5-1+deb12u1', '0.11.5-1+deb12u1', true],
  ['0.11.5-1+deb12u1', '0.11', false],
  ['2:1.2.3-4.el9', '1.2.?', true],
  ['2:1.2.3-4.el9', '2:1.2.3-4.el9', true],
  ['2:1.2.3-4.el9', '1:1.2.3-4.el9', false],
  ['1x2', '1.2', false],
  ['1.2(3', '1.2(3', true],
])('version %s is %s: %s', (version, pattern, matches) => {
  expect(versionMatches(version, pattern)).toBe(matches)
})

test.each([
  [{ names: ['pcs', 'pcs=0.11*'] }, 'must not name a package twice'],
  [{ names: 'pcs=1', state: 'absent' as const }, 'must have no versions'],
  [{ names: '-y' }, 'must be a package name'],
  [{ names: 'pcs; reboot' }, 'must be a package name'],
  [{}, 'either names or files is needed'],
  [{ names: 'pcs', files: ['/tmp/pcs.deb'] }, 'either names or files is needed'],
  [{ files: ['pcs.deb'] }, 'must be an absolute path'],
  [{ files: ['/tmp/pcs.deb'], state: 'latest' as const }, 'must be present where files are named'],
])('%j is refused', (input, message) => {
  expect(packageOperation.params.safeParse(input).error?.message).toContain(message)
})

test('check mode remembers what earlier tasks planned', () => {
  const want = packageOperation.params.parse({ names: 'corosync' })
  const planned = packageOperation.after(now, want)
  const merged = packageOperation.merge?.(now, planned)
  expect(merged?.packages['corosync']).toEqual({
    installed: ['3.1.7-1'],
    candidate: '3.1.7-1',
    planned: true,
  })
  expect(merged?.packages['pcs']?.planned).toBeUndefined()
})

const policy = `corosync:
  Installed: (none)
  Candidate: 3.1.7-1+deb12u2
  Version table:
     3.1.8-1~bpo12+1 100
        100 https://mirror.example/debian bookworm-backports/main amd64 Packages
     3.1.7-1+deb12u2 500
        500 https://mirror.example/debian bookworm/main amd64 Packages
pcs:
  Installed: 0.11.5-1
  Candidate: 0.11.5-1
  Version table:
 *** 0.11.5-1 100
        100 /var/lib/dpkg/status
mail-transport-agent:
  Installed: (none)
  Candidate: (none)
  Version table:
`

test.each([
  ['corosync', null, '3.1.7-1+deb12u2'],
  ['corosync', '3*', '3.1.7-1+deb12u2'],
  ['corosync', '3.1.8*', '3.1.8-1~bpo12+1'],
  ['corosync', '4*', null],
  ['pcs', '0.11*', '0.11.5-1'],
  ['mail-transport-agent', null, null],
  ['not-there', null, null],
])('apt would install %s %s: %s', (name, version, candidate) => {
  expect(parsePolicy(policy)({ name, version })).toBe(candidate)
})

test('dpkg lists a package by each of its architectures', () => {
  const lines =
    'installed libc6:amd64 libc6 2.36-9\ninstalled libc6:i386 libc6 2.36-8\ninstalled pcs pcs 0.11.5-1\n'
  expect(parseInstalled(lines, 'pcs')).toEqual(['0.11.5-1'])
  expect(parseInstalled(lines, 'libc6:i386')).toEqual(['2.36-8'])
  expect(parseInstalled(lines, 'libc')).toEqual([])
})

test('apt says what a removal takes along', () => {
  expect(
    parseRemovals('NOTE: This is only a simulation!\nRemv pcs [0.11.5-1]\nRemv crmsh [4.4.0-4] []\n'),
  ).toEqual(['pcs', 'crmsh'])
})

test('yum wraps its lists, and only the order of its words counts', () => {
  const text = `package pcs
installed 0.9.168-4.el7
package corosync
package fence-agents-ipmilan
list available
Available Packages
corosync.x86_64      2.4.5-7.el7_9.2      updates
fence-agents-ipmilan.x86_64
                     4.2.1-41.el7_9.6     updates
list upgrade
Updated Packages
pcs.x86_64           0.9.169-3.el7_9.3    updates
`
  const specs = ['pcs', 'corosync', 'fence-agents-ipmilan'].map((name) => ({ name, version: null }))
  expect(parseRpmRead(text, specs)).toEqual({
    pcs: { installed: ['0.9.168-4.el7'], candidate: '0.9.169-3.el7_9.3' },
    corosync: { installed: [], candidate: '2.4.5-7.el7_9.2' },
    'fence-agents-ipmilan': { installed: [], candidate: '4.2.1-41.el7_9.6' },
  })
})
