import { expect, test } from 'vitest'
import { planCommand } from '../../../src/cli/plan.ts'
import { validateCommand } from '../../../src/cli/validate.ts'
import { fakeTerminal } from '../../support/command_context.ts'
import { project } from '../../support/project.ts'

const role = (summary: string, vars = '') =>
  `import { secret, z } from 'bringup'\nexport default { summary: '${summary}', vars: z.strictObject({ ${vars} }), async run() {} }\n`

const files = {
  'inv.yml':
    'cluster: { hosts: { "server[1:3]": { password: !prompt Password of root } } }\nweb: { hosts: { web1: } }\n',
  'play.yml': `
- name: The cluster
  hosts: cluster
  serial: 2
  tags: cluster
  roles:
    - role: preflight_here
      tags: [always]
    - hosts
- name: The rest
  hosts: web
  any_errors_fatal: false
  roles: [hosts]
`,
  'group_vars/all.yml': 'hosts_password: !env HOSTS_PASSWORD\nhosts_key: clear\n',
  'roles/preflight_here/role.ts': role('Machines are fit'),
  'roles/hosts/role.ts': role('Nodes find nodes', 'hosts_password: secret(), hosts_key: secret()'),
}

test('bringup plan shows plays, batches, hosts and roles', async () => {
  const { context, written } = fakeTerminal(project(files))
  expect(await planCommand('play.yml', { inventory: ['inv.yml'], extraVars: [] }, context)).toBe(0)
  expect(`\n${written.out}`).toMatchInlineSnapshot(`
    "
    play.yml on inv.yml

    1. The cluster
       hosts  1: server1 server2
              2: server3
       role   preflight_here  Machines are fit  [cluster, always]
       role   hosts           Nodes find nodes  [cluster]

    2. The rest  (goes on without hosts that fail)
       hosts  web1
       role   hosts  Nodes find nodes

    note  group_vars/all.yml:2: hosts_key is written in clear; \`bringup secrets encrypt\` makes a !age value of it
    "
  `)
})

test('bringup plan shows what options leave', async () => {
  const { context, written } = fakeTerminal(project(files))
  await planCommand(
    'play.yml',
    { inventory: ['inv.yml'], extraVars: [], limit: 'server1', tags: ['always'] },
    context,
  )
  expect(`\n${written.out}`).toMatchInlineSnapshot(`
    "
    play.yml on inv.yml

    1. The cluster
       hosts  server1
       role   preflight_here  Machines are fit  [cluster, always]
    "
  `)
})

test('bringup validate says that nothing is wrong, and what a run will ask for', async () => {
  const { context, written } = fakeTerminal(project(files))
  expect(await validateCommand('play.yml', { inventory: ['inv.yml'], extraVars: [] }, context)).toBe(0)
  expect(`\n${written.out}`).toMatchInlineSnapshot(`
    "
    ✓ play.yml on inv.yml: 2 plays, 2 roles, 4 hosts; nothing is wrong
      a run needs 2 secrets: prompt "Password of root", environment HOSTS_PASSWORD
    note  group_vars/all.yml:2: hosts_key is written in clear; \`bringup secrets encrypt\` makes a !age value of it
    "
  `)
})
