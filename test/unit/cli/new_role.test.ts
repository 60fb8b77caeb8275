import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newRoleCommand } from '../../../src/cli/new_role.ts'
import { planOnPaper } from '../../../src/cli/plan.ts'
import { fakeTerminal } from '../../support/command_context.ts'
import { errorsOf, project } from '../../support/project.ts'

test('bringup new role writes a role that can be planned as it is, and shows how to use it', async () => {
  const cwd = project({
    'inv.yml': 'all: { hosts: { a: } }\n',
    'play.yml': '- { hosts: all, roles: [motd_note] }\n',
  })
  const { context, written } = fakeTerminal(cwd)
  expect(await newRoleCommand('motd_note', context)).toBe(0)
  expect(written).toMatchInlineSnapshot(`
    {
      "out": "roles/motd_note/role.ts
    roles/motd_note/README.md
    ",
      "said": "
    Use it in a playbook:

    - name: Try motd_note
      hosts: all
      roles:
        - motd_note

    ",
    }
  `)
  expect(readFileSync(join(cwd, 'roles/motd_note/role.ts'), 'utf8')).toMatchInlineSnapshot(`
    "import { defineRole, z } from 'bringup'

    export default defineRole({
      summary: 'Every node has a note of who belongs to its group',
      vars: z.strictObject({
        motd_note_path: z.string().startsWith('/').default('/var/tmp/motd_note.txt').describe('Where the note is kept.'),
      }),

      async run({ nodes, vars }) {
        const names = nodes.names.join('\\n')
        // All nodes at once, each at its own pace; a second run finds the file as it is wanted, and changes nothing.
        await nodes.each(async (node) => {
          await node.file({ path: vars.motd_note_path, content: \`\${names}\\n\`, mode: '0644' })
        })
      },
    })
    "
  `)
  const plan = await planOnPaper('play.yml', { inventory: 'inv.yml', extraVars: [] }, context)
  expect(plan.plays[0]!.roles[0]!.vars.get('a')).toEqual({ motd_note_path: '/var/tmp/motd_note.txt' })
})

test('nothing that is there is touched, and names are such as work', async () => {
  const { context } = fakeTerminal(project({ 'roles/mine/role.ts': 'x' }))
  for (const name of ['mine', 'Mine', '../mine', 'a-b', ''])
    expect(await errorsOf(() => newRoleCommand(name, context))).toMatch(/\[USAGE\]/)
})
