import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadRole } from '../../../src/playbook/load_role.ts'
import { roleDirectories, roleNames } from '../../../src/playbook/role_directories.ts'
import { errorsOf, project } from '../../support/project.ts'

const at = { file: 'play.yml', line: 3, column: 7 }
const vars = 'z.strictObject({})'
const run = 'async run() {}'

/** Loads the role `r` of a project in which its file holds this. */
function load(text: string, timeout = 10) {
  const cwd = project({ 'roles/r/role.ts': `import { z } from 'bringup'\n${text}\n` })
  return loadRole('r', at, { directories: [join(cwd, 'roles')], cwd, timeout })
}

test('a role has its definition, its directory and the schemas of its vars', async () => {
  const role = await load(
    `export default { summary: 'x', vars: z.strictObject({ a: z.int(), b: z.string() }), ${run} }`,
  )
  expect(role).toMatchObject({
    name: 'r',
    definition: { summary: 'x' },
    directory: expect.stringMatching(/roles\/r$/),
  })
  expect([...role.schemas.keys()]).toEqual(['a', 'b'])
})

test.each([
  ['refined', `z.strictObject({ a: z.int() }).refine(() => true)`],
  ['transformed', `z.strictObject({ a: z.int() }).transform((v) => v)`],
  ['in an intersection', `z.strictObject({ a: z.int() }).and(z.object({}))`],
  [
    'in a union',
    `z.discriminatedUnion('a', [z.strictObject({ a: z.literal(1) }), z.strictObject({ a: z.literal(2) })])`,
  ],
  ['read-only, with a default', `z.strictObject({ a: z.int() }).readonly().prefault({ a: 1 })`],
])('vars may be %s', async (_name, schema) => {
  const role = await load(`export default { summary: 'x', vars: ${schema}, ${run} }`)
  expect([...role.schemas.keys()]).toEqual(['a'])
})

const broken: Readonly<Record<string, string>> = {
  'no default export': `export const role = {}`,
  'a default export that is no role': `export default 7`,
  'no summary': `export default { vars: ${vars}, ${run} }`,
  'no run': `export default { summary: 'x', vars: ${vars} }`,
  'no vars': `export default { summary: 'x', ${run} }`,
  'vars that are not an object': `export default { summary: 'x', vars: z.string(), ${run} }`,
  'a var that is a connection setting': `export default { summary: 'x', vars: z.strictObject({ port: z.int() }), ${run} }`,
  'a handler that is no function': `export default { summary: 'x', vars: ${vars}, handlers: { restart: 'x' }, ${run} }`,
  'an exception when it is imported': `const site = undefined as unknown as { name: string }\nexport default { summary: site.name }`,
  'something thrown that is no error': `throw 'no luck'`,
}

describe('what is no role is told', () => {
  test('with its file and what to do', async () => {
    const told: string[] = []
    for (const [name, text] of Object.entries(broken))
      told.push(`# ${name}\n${await errorsOf(() => load(text))}`)
    expect(`\n${told.join('\n\n')}\n`).toMatchInlineSnapshot(`
      "
      # no default export
      roles/r/role.ts:1:1 the file has no role as its default export [ROLE_INVALID]
        next      Write: export default defineRole({ summary, vars, run }).

      # a default export that is no role
      roles/r/role.ts:1:1 the file has no role as its default export [ROLE_INVALID]
        next      Write: export default defineRole({ summary, vars, run }).

      # no summary
      roles/r/role.ts:1:1 the role has no summary [ROLE_INVALID]
        next      Say in one line what is true after it: summary: "…".

      # no run
      roles/r/role.ts:1:1 the role has no run function [ROLE_INVALID]
        next      Write: async run({ nodes, vars }) { … }.

      # no vars
      roles/r/role.ts:1:1 the role's vars are not a z.strictObject [ROLE_INVALID]
        next      Write: vars: z.strictObject({ … }), empty where it reads none.

      # vars that are not an object
      roles/r/role.ts:1:1 the role's vars are not a z.strictObject [ROLE_INVALID]
        next      Write: vars: z.strictObject({ … }), empty where it reads none.

      # a var that is a connection setting
      roles/r/role.ts:1:1 the role has a var "port", which is the name of a connection setting [ROLE_INVALID]
        next      Give the var a name of its own, best one that starts with the name of the role.

      # a handler that is no function
      roles/r/role.ts:1:1 the handler "restart" is not a function [ROLE_INVALID]
        next      Write: handlers: { name: (node) => … }.

      # an exception when it is imported
      roles/r/role.ts:3:32 the role can not be loaded: it throws when it is imported: Cannot read properties of undefined (reading 'name') [ROLE_INVALID]
        next      Do nothing outside of run; what is wrong can be seen with BRINGUP_DEBUG=1.

      # something thrown that is no error
      roles/r/role.ts:1:1 the role can not be loaded: it throws when it is imported: no luck [ROLE_INVALID]
        next      Do nothing outside of run; what is wrong can be seen with BRINGUP_DEBUG=1.
      "
    `)
  })

  test('a role that never finishes loading is given up', async () => {
    expect(await errorsOf(() => load('await new Promise(() => {})', 0.05))).toMatchInlineSnapshot(`
      "roles/r/role.ts:1:1 the role can not be loaded: it is still loading after 0.05 s [ROLE_INVALID]
        next      Look for an "await" outside of its run function that never ends."
    `)
  })

  test.each(['gret', '../greet', 'a/b', 'greet\n', ''])('%j is no role', async (name) => {
    const cwd = project({ 'roles/greet/role.ts': '', 'roles/empty/README.md': '' })
    const errors = await errorsOf(() => loadRole(name, at, { directories: [join(cwd, 'roles')], cwd }))
    expect(errors).toContain(`play.yml:3:7 no role "${name}"`)
  })
})

test('roles are looked for beside the playbook, above it, here, and among our own', () => {
  const cwd = project({
    'site/playbooks/roles/a/role.ts': '',
    'site/roles/b/role.js': '',
    'roles/c/role.ts': '',
    'roles/no_role/x.ts': '',
  })
  const directories = roleDirectories(join(cwd, 'site/playbooks/play.yml'), cwd)
  expect(directories.slice(0, 3)).toEqual(
    ['site/playbooks/roles', 'site/roles', 'roles'].map((path) => join(cwd, path)),
  )
  expect(roleNames(directories.slice(0, 3))).toEqual(['a', 'b', 'c'])
  expect(roleNames(directories)).toContain('hosts_file')
})
