import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { project } from '../../support/project.ts'

const bringup = fileURLToPath(new URL('../../../bin/bringup.js', import.meta.url))

/** `bringup validate` as a process of its own, where roles are imported by Node itself. */
async function validate(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = project({
    'inv.yml': 'all: { hosts: { a: } }\n',
    'play.yml': '- hosts: all\n  roles: [r]\n',
    ...files,
  })
  const result = await promisify(execFile)(
    process.execPath,
    [bringup, 'validate', 'play.yml', '-i', 'inv.yml'],
    { cwd },
  ).catch((error: { code: number; stdout: string; stderr: string }) => error)
  const text = (result.stdout + result.stderr).replaceAll(/looked in .*/g, 'looked in …')
  return `exit ${'code' in result ? result.code : 0}\n${text.trimEnd()}`
}

test('a role anywhere gets this engine, not another copy that is installed beside it', async () => {
  const role = `import { defineRole, Secret, secret, z } from 'bringup'
import * as zod from 'zod'
if (!(secret().parse('x') instanceof Secret)) throw new Error('two copies of the engine')
if (zod.z === undefined) throw new Error('no zod')
export default defineRole({
  summary: 'x',
  vars: z.strictObject({}),
  async run() {},
})
`
  expect(
    await validate({
      'roles/r/role.ts': role,
      'node_modules/bringup/package.json': '{ "name": "bringup", "type": "module", "exports": "./index.js" }',
      'node_modules/bringup/index.js': 'throw new Error("another copy")',
    }),
  ).toMatchInlineSnapshot(`
    "exit 0
    ✓ play.yml on inv.yml: 1 play, 1 role, 1 host; nothing is wrong"
  `)
})

test('a role is a module whatever package.json is above it', async () => {
  const role = `import { z } from 'bringup'\nexport default { summary: 'x', vars: z.strictObject({}), async run() {} }\n`
  for (const manifest of ['{}', '{ "type": "commonjs" }'])
    expect(await validate({ 'roles/r/role.ts': role, 'package.json': manifest })).toBe(
      'exit 0\n✓ play.yml on inv.yml: 1 play, 1 role, 1 host; nothing is wrong',
    )
})

test('a role may be plain JavaScript', async () => {
  const role = `import { z } from 'bringup'\nexport default { summary: 'x', vars: z.strictObject({}), async run() {} }\n`
  expect(await validate({ 'roles/r/role.js': role, 'package.json': '{ "type": "module" }' })).toMatch(
    /^exit 0/,
  )
})

test.each([
  ['a missing package', `import 'left-pad-of-the-future'`],
  ['a missing file', `import './templates.ts'`],
  ['a name that is not exported', `import { defineRoles } from 'bringup'`],
  ['a syntax error', `export default {\n  summary: 'x',,\n}`],
  ['syntax that is not only types', `enum Colour { Red }\nexport default {}`],
  ['an exception', `const list: string[] = []\n\nlist[0].trim()`],
])('%s is told with its place, as far as Node knows it', async (_name, text) => {
  expect(await validate({ 'roles/r/role.ts': `${text}\n` })).toMatchSnapshot()
})

test('TypeScript inside node_modules is told', async () => {
  expect(
    await validate({
      'roles/r/role.ts': `import 'typed'\n`,
      'node_modules/typed/package.json': '{ "name": "typed", "type": "module", "exports": "./index.ts" }',
      'node_modules/typed/index.ts': 'export const x: number = 1\n',
    }),
  ).toMatchInlineSnapshot(`
    "exit 5
    roles/r/role.ts:1:1 the role can not be loaded: TypeScript is not run from inside node_modules [ROLE_INVALID]
      next      Build the role to role.js, or keep it outside of node_modules."
  `)
})
