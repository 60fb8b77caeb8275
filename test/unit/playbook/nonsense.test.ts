import { expect, test } from 'vitest'
import { planRun } from '../../../src/playbook/plan.ts'
import { errorsOf, project } from '../../support/project.ts'

const MIB = 1024 * 1024

/** Text that costs parsers dearly: deep, long, or wrong in every line. */
const nonsense: Readonly<Record<string, string>> = {
  brackets: '['.repeat(MIB),
  'flow maps': '{a: '.repeat(MIB / 4),
  lists: '- '.repeat(MIB / 2),
  'one colon after the other': 'a: '.repeat(MIB / 3),
  quotes: `'a`.repeat(MIB / 2),
  'line ends': '\n'.repeat(MIB),
  documents: '---\n'.repeat(MIB / 4),
  'NUL bytes': '\0'.repeat(MIB),
  'the same host': `all:\n  hosts:\n${'    server1:\n'.repeat(MIB / 13)}`,
  'letters and signs': Array.from({ length: MIB }, (_, at) =>
    String.fromCharCode(32 + ((at * at * 31 + at * 7) % 95)),
  ).join(''),
  'one line of text': 'x'.repeat(MIB),
  'anchors and aliases': '- &a *a\n'.repeat(MIB / 8),
  'anchors that loop': `all: &a\n  vars:\n${Array.from({ length: MIB / 16 }, (_, at) => `    v${at}: *a\n`).join('')}`,
  'aliases of aliases': `a0: &a0 [x]\n${Array.from({ length: MIB / 64 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}]\n`).join('')}`,
  'merges of merges': `a0: &a0 { x: 1 }\n${Array.from({ length: MIB / 64 }, (_, at) => `a${at + 1}: &a${at + 1}\n  <<: [*a${at}, *a${at}]\n  y${at}: 1\n`).join('')}`,
  'a deep var': `all: { vars: { x: ${'['.repeat(MIB / 2)}${']'.repeat(MIB / 2)} } }`,
  tabs: 'all:\n\thosts:\n'.repeat(MIB / 16),
  comments: '# x\n'.repeat(MIB / 4),
  'block texts': 'a: |\n  x\n'.repeat(MIB / 9),
  'long keys': `${'k'.repeat(MIB)}: 1`,
  'hosts in ranges': 'all:\n  hosts:\n    s[1:999999999]:\n',
  'ranges of ranges': `all:\n  hosts:\n    s${'[1:9]'.repeat(20)}:\n`,
  hosts: `all:\n  hosts:\n${Array.from({ length: MIB / 16 }, (_, at) => `    server${at}: { port: ${'x'} }\n`).join('')}`,
  'a chain of groups': Array.from(
    { length: 20_000 },
    (_, at) => `g${at}: { children: { g${at + 1}: } }`,
  ).join('\n'),
  'a circle of groups': Array.from(
    { length: 20_000 },
    (_, at) => `g${at}: { children: { g${(at + 1) % 20_000}: } }`,
  ).join('\n'),
}

test.each(Object.entries(nonsense))(
  '1 MiB of %s has an answer',
  { timeout: 120_000 },
  async (_name, text) => {
    const cwd = project({ 'inv.yml': text, 'play.yml': '- { hosts: all, roles: [hosts_file] }\n' })
    const files = { playbook: 'play.yml', inventory: 'inv.yml' }
    const errors = await errorsOf(() => planRun(files, { cwd, resolveSecrets: true, ask: async () => null }))
    // How deep the parser gets depends on the machine's stack.
    const [first = ''] = errors.replace(/:\d+ nested/, ': nested').split('\n')
    expect(first.slice(0, 120)).toMatchSnapshot()
  },
)
