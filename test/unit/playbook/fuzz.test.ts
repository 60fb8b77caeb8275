import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BringupErrors } from '../../../src/errors.ts'
import { planRun } from '../../../src/playbook/plan.ts'
import { addFiles } from '../../support/project.ts'

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

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bringup-fuzz-'))
  addFiles(directory, { 'roles/greet/role.ts': role, 'other.yml': other })
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Whether the plan was made; anything but an error of ours is thrown on, and fails the test. */
async function plans(files: { inventory: string; playbook: string }): Promise<boolean> {
  writeFileSync(join(directory, 'inv.yml'), files.inventory)
  writeFileSync(join(directory, 'play.yml'), files.playbook)
  try {
    await planRun(
      { playbook: 'play.yml', inventory: 'inv.yml' },
      {
        cwd: directory,
        resolveSecrets: true,
        ask: async () => null,
        environment: { ROOT_PASSWORD: 'sesame' },
      },
    )
    return true
  } catch (error) {
    if (!(error instanceof BringupErrors)) throw error
    for (const { message, details, exitCode } of error.problems) {
      expect([message, details.remedy ?? ''].join(' ')).not.toMatch(/\bundefined\b|\[object |NaN\b/)
      expect(message).not.toBe('')
      expect([1, 5]).toContain(exitCode)
    }
    return false
  }
}

describe('whatever the text, there is a plan or an error of ours', () => {
  test('the texts that everything starts from are right', async () => {
    expect(await plans({ inventory, playbook })).toBe(true)
  })

  test.each([
    ['a mutated inventory', mutated(inventory).map((text) => ({ inventory: text, playbook }))],
    ['a mutated playbook', mutated(playbook).map((text) => ({ inventory, playbook: text }))],
    ['any text as inventory', anything.map((text) => ({ inventory: text, playbook }))],
    ['any text as playbook', anything.map((text) => ({ inventory, playbook: text }))],
  ])('%s', { timeout: 300_000 }, async (_name, files) => {
    await fc.assert(
      fc.asyncProperty(files, async (texts) => void (await plans(texts))),
      { numRuns: 2_500 },
    )
  })
})
