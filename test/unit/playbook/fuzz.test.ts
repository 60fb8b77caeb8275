import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BringupError, BringupErrors } from '../../../src/errors.ts'
import { parseExtraVars } from '../../../src/inventory/extra_vars.ts'
import { planRun } from '../../../src/playbook/plan.ts'
import { addFiles } from '../../support/project.ts'
import { rebuilt, yamlOf } from './rebuilt.ts'
import type { Tree } from './rebuilt.ts'

const inventory = `all:
  vars: { ansible_user: root, greeting: hello, defaults: &defaults { retries: 3 } }
  children:
    cluster:
      hosts:
        server[1:3]: { ansible_port: 22, password: !env ROOT_PASSWORD }
        observer:
          <<: *defaults
          host: 10.0.0.9
    clients: { hosts: { "client[a:c]": null }, vars: { become: yes } }
`
const playbook = `- name: Greet
  hosts: cluster:!observer
  serial: 50%
  tags: [greet]
  vars: { greeting: "hi" }
  roles:
    - greet
    - role: greet
      tags: again
      vars: { people: [ann, { name: bob }] }
- import_playbook: other.yml
`
const role = `import { secret, z } from 'bringup'
export default {
  summary: 'Says hello',
  vars: z.strictObject({
    greeting: z.string(),
    people: z.array(z.union([z.string(), z.strictObject({ name: z.string() })])).default([]),
    greet_password: secret({ minLength: 3 }).optional(),
  }),
  async run() {},
}
`
const other = '- { hosts: all, roles: [greet] }\n'

/** Text that YAML gives a meaning to, so that random changes reach further than the parser. */
const pieces = [
  ':', ' ', '  ', '\n', '\n  ', '- ', '{', '}', '[', ']', '"', "'", '|', '>', '&a ', '*a', '*defaults', '<<: ', '!age ', '!env ',
  '!file ', '!prompt ', '!!binary ', '!!set ', '!vault |', '!x', '\t', '#', '---', '...', '%YAML 1.1', '? ', '~', 'null', 'true', '0x1f', '.nan',
  '-.inf', '1e999', '9007199254740993', '{{ x }}', 'all', 'hosts', 'vars', 'children', 'roles', 'greet', 'server[1:', 'server[9:1]', 'a[b]',
  '__proto__', 'constructor', 'toString', 'ansible_host', 'host', 'port', 'become', 'serial', '0%', 'tags', 'import_playbook', 'play.yml', '../',
  '\0', '\u{FEFF}', '\u{1F600}', '\r', '\u2028', '\\', 'ansible_ssh_common_args: -o', ':!', ':&', '*', '[-1]', 'group_vars', 'cluster',
] as const // prettier-ignore

const noise = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...pieces) },
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

/** A valid text with parts of it cut out, doubled, moved or replaced by noise. */
const mutated = (valid: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.nat(valid.length),
        fc.nat(24),
        noise,
        fc.constantFrom('insert', 'cut', 'replace', 'double'),
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map((edits) =>
      edits.reduce((text, [at, length, by, edit]) => {
        const [before, part, after] = [
          text.slice(0, at),
          text.slice(at, at + length),
          text.slice(at + length),
        ]
        if (edit === 'insert') return before + by + part + after
        if (edit === 'cut') return before + after
        return before + (edit === 'double' ? part + part : by) + after
      }, valid),
    )

const anything = fc.oneof(
  fc.array(noise, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.json({ maxDepth: 6 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
)

/** The same, as trees that are broken in places and not in their syntax. */
const inventoryTree: Tree = {
  all: {
    vars: { ansible_user: 'root', greeting: 'hello' },
    children: {
      cluster: {
        hosts: {
          'server[1:3]': { ansible_port: 22, password: '!env ROOT_PASSWORD' },
          observer: { host: '10.0.0.9' },
        },
      },
      clients: { hosts: { 'client[a:c]': null }, vars: { become: true } },
    },
  },
}
const playbookTree: Tree = [
  {
    name: 'Greet',
    hosts: 'cluster:!observer',
    serial: '50%',
    tags: ['greet'],
    vars: { greeting: 'hi' },
    roles: ['greet', { role: 'greet', tags: 'again', vars: { people: ['ann', { name: 'bob' }] } }],
  },
  { import_playbook: 'other.yml' },
]
const groupVarsTree: Tree = {
  greeting: 'hi',
  people: [{ name: 'ann' }, 'bob'],
  greet_password: '!env ROOT_PASSWORD',
}
const groupVars = yamlOf(groupVarsTree)

interface Files {
  inventory: string
  playbook: string
  groupVars?: string
}
interface Arguments {
  limit?: string
  tags?: string[]
  startAt?: string
  extra?: string[]
}

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bringup-fuzz-'))
  addFiles(directory, { 'roles/greet/role.ts': role, 'other.yml': other })
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** What came of it: `PLAN`, or the codes of the errors. Anything but an error of ours fails the test. */
async function outcomesOf(
  files: Files,
  { limit, tags, startAt, extra = [] }: Arguments = {},
): Promise<Set<string>> {
  writeFileSync(join(directory, 'inv.yml'), files.inventory)
  writeFileSync(join(directory, 'play.yml'), files.playbook)
  mkdirSync(join(directory, 'group_vars'), { recursive: true })
  writeFileSync(join(directory, 'group_vars', 'cluster.yml'), files.groupVars ?? '')
  try {
    await planRun(
      { playbook: 'play.yml', inventory: 'inv.yml' },
      {
        cwd: directory,
        resolveSecrets: true,
        ask: async () => null,
        environment: { ROOT_PASSWORD: 'sesame' },
        extraVars: parseExtraVars(extra, directory),
        ...(limit === undefined ? {} : { limit }),
        ...(tags === undefined ? {} : { tags }),
        ...(startAt === undefined ? {} : { startAt }),
      },
    )
    return new Set(['PLAN'])
  } catch (error) {
    if (!(error instanceof BringupErrors) && !(error instanceof BringupError)) throw error
    const problems = error instanceof BringupErrors ? error.problems : [error]
    for (const { message, details, exitCode, code } of problems) {
      expect([message, details.remedy ?? ''].join(' ')).not.toMatch(/\bundefined\b|\[object |NaN\b/)
      expect(message).not.toBe('')
      expect(code).not.toBe('INTERNAL')
      expect([1, 5]).toContain(exitCode)
    }
    return new Set(problems.map(({ code }) => code))
  }
}

const text = fc.oneof(
  noise,
  fc.constantFrom('cluster', 'greet', 'again', 'all:!observer', 'greeting=x', 'people=[a]'),
)
const args = fc.record(
  {
    limit: text,
    tags: fc.array(text, { maxLength: 2 }),
    startAt: text,
    extra: fc.array(
      fc.oneof(
        text,
        text.map((value) => `greeting=${value}`),
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
)

describe('whatever the text, there is a plan or an error of ours', () => {
  test('the texts that everything starts from are right', async () => {
    const planned = new Set(['PLAN'])
    expect(await outcomesOf({ inventory, playbook })).toEqual(planned)
    expect(
      await outcomesOf({ inventory: yamlOf(inventoryTree), playbook: yamlOf(playbookTree), groupVars }),
    ).toEqual(planned)
  })

  /** How far they are to get: plans, and errors of each of these kinds, each in some cases at least. */
  const inventories = ['PLAN', 'INVENTORY_INVALID', 'VAR_INVALID']
  const playbooks = ['PLAN', 'PLAYBOOK_INVALID', 'ROLE_UNKNOWN', 'HOST_UNKNOWN', 'VAR_UNKNOWN']

  test.each<[string, number, string[], fc.Arbitrary<[Files, Arguments?]>]>([
    [
      'a rebuilt inventory',
      3000,
      inventories,
      rebuilt(inventoryTree).map((some) => [{ inventory: some, playbook }]),
    ],
    [
      'a rebuilt playbook',
      3000,
      playbooks,
      rebuilt(playbookTree).map((some) => [{ inventory, playbook: some }]),
    ],
    [
      'a rebuilt file of vars',
      1000,
      ['PLAN', 'VAR_INVALID'],
      rebuilt(groupVarsTree).map((some) => [{ inventory, playbook, groupVars: some }]),
    ],
    [
      'any command line',
      1000,
      ['PLAN', 'HOST_UNKNOWN', 'TAG_UNKNOWN', 'ROLE_UNKNOWN'],
      args.map((some) => [{ inventory, playbook }, some]),
    ],
    [
      'a mutated inventory',
      1000,
      ['PLAN', 'YAML_SYNTAX'],
      mutated(inventory).map((some) => [{ inventory: some, playbook }]),
    ],
    [
      'a mutated playbook',
      1000,
      ['PLAN', 'YAML_SYNTAX'],
      mutated(playbook).map((some) => [{ inventory, playbook: some }]),
    ],
    [
      'any text as inventory',
      500,
      ['INVENTORY_INVALID', 'YAML_SYNTAX'],
      anything.map((some) => [{ inventory: some, playbook }]),
    ],
    [
      'any text as playbook',
      500,
      ['PLAYBOOK_INVALID', 'YAML_SYNTAX'],
      anything.map((some) => [{ inventory, playbook: some }]),
    ],
  ])('%s', { timeout: 300_000 }, async (_name, numRuns, reached, cases) => {
    const outcomes = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(cases, async ([files, given]) => {
        for (const outcome of await outcomesOf(files, given))
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }),
      { numRuns },
    )
    for (const code of reached) expect([code, (outcomes.get(code) ?? 0) > 2]).toEqual([code, true])
  })
})
