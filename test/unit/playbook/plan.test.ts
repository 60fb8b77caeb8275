import { describe, expect, test, vi } from 'vitest'
import { parseExtraVars } from '../../../src/inventory/extra_vars.ts'
import { planRun } from '../../../src/playbook/plan.ts'
import type { PlanOptions, RunPlan } from '../../../src/playbook/playbook.ts'
import { Secret } from '../../../src/secret.ts'
import type { Ask } from '../../../src/secrets/resolve.ts'
import { errorsOf, project } from '../../support/project.ts'

type Files = Readonly<Record<string, string>>

interface Options extends PlanOptions {
  readonly e?: string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ask?: Ask
  readonly resolveSecrets?: boolean
}

async function plan(
  files: Files,
  { e = [], environment = {}, ask, resolveSecrets = true, ...options }: Options = {},
) {
  const cwd = project({ ...base, ...files })
  return planRun(
    { playbook: 'play.yml', inventory: 'inv.yml' },
    {
      cwd,
      resolveSecrets,
      environment,
      ask: ask ?? (async () => null),
      extraVars: parseExtraVars(e, cwd),
      ...options,
    },
  )
}

const greet = `
import { secret, z } from 'bringup'
export default {
  summary: 'Says hello',
  vars: z.strictObject({
    greeting: z.string().describe('What to say.'),
    times: z.int().min(1).max(9).default(1),
    people: z.array(z.strictObject({ name: z.string(), password: secret().optional() })).default([]),
    greet_password: secret({ minLength: 8 }).optional().describe('Said at the door.'),
  }),
  async run() {},
}
`
const base: Files = {
  'inv.yml':
    'all:\n  children:\n    cluster:\n      hosts:\n        server[1:3]:\n    web: { hosts: { web1: } }\n',
  'play.yml': '- name: Greet\n  hosts: cluster\n  roles:\n    - greet\n',
  'group_vars/all.yml': 'greeting: hello\n',
  'roles/greet/role.ts': greet,
  'roles/idle/role.ts': `import { z } from 'bringup'\nexport default { summary: 'Nothing', vars: z.strictObject({}), async run() {} }\n`,
  'roles/other/role.ts': `import { z } from 'bringup'\nexport default { summary: 'Other', vars: z.strictObject({ timed: z.int() }), async run() {} }\n`,
}

const varsOf = (planned: RunPlan, host: string, play = 0, role = 0): Readonly<Record<string, unknown>> =>
  planned.plays[play]!.roles[role]!.vars.get(host)!

describe('a plan', () => {
  test('has plays with batches of hosts, and roles with their vars', async () => {
    const planned = await plan({
      'play.yml': `
- name: Greet
  hosts: cluster
  serial: 2
  any_errors_fatal: no
  tags: [a]
  roles: [{ role: greet, tags: b }, idle]
- import_playbook: more/other.yml
`,
      'more/other.yml': '- hosts: [web, server1]\n  roles: [idle]\n',
    })
    const shown = planned.plays.map(({ name, anyErrorsFatal, batches, roles }) => ({
      name,
      anyErrorsFatal,
      batches: batches.map((batch) => batch.map((host) => host.name).join(' ')),
      roles: roles.map((role) => `${role.name} [${role.tags.join(' ')}] at ${role.at.file}:${role.at.line}`),
    }))
    expect(shown).toMatchInlineSnapshot(`
      [
        {
          "anyErrorsFatal": false,
          "batches": [
            "server1 server2",
            "server3",
          ],
          "name": "Greet",
          "roles": [
            "greet [a b] at play.yml:7",
            "idle [a] at play.yml:7",
          ],
        },
        {
          "anyErrorsFatal": true,
          "batches": [
            "server1 web1",
          ],
          "name": "web,server1",
          "roles": [
            "idle [] at more/other.yml:2",
          ],
        },
      ]
    `)
    expect(varsOf(planned, 'server2')).toEqual({ greeting: 'hello', times: 1, people: [] })
  })

  test('vars: inventory < play < role entry < command line', async () => {
    const files: Files = {
      'inv.yml': 'all: { hosts: { a: { greeting: host }, b: } }\n',
      'play.yml': `
- hosts: all
  roles: [greet]
- hosts: all
  vars: { greeting: play }
  roles: [greet, { role: greet, vars: { greeting: entry } }]
`,
    }
    const greetings = (planned: RunPlan): unknown[] =>
      [varsOf(planned, 'a'), varsOf(planned, 'b'), varsOf(planned, 'a', 1), varsOf(planned, 'a', 1, 1)].map(
        (vars) => vars['greeting'],
      )
    expect(greetings(await plan(files))).toEqual(['host', 'hello', 'play', 'entry'])
    expect(greetings(await plan(files, { e: ['greeting=command'] }))).toEqual(Array(4).fill('command'))
  })

  test('hosts that --limit leaves out are beside it where a role asks for peers, with their vars', async () => {
    const files: Files = {
      'play.yml': '- hosts: cluster\n  roles: [greet, join]\n- hosts: cluster\n  roles: [greet]\n',
      'roles/join/role.ts': greet.replace('async run', 'peers: true,\n  async run'),
    }
    const planned = await plan(files, { limit: 'server2' })
    expect(
      planned.plays.map(({ batches, beside }) =>
        [batches, beside].map((hosts) => hosts.flat().map(({ name }) => name)),
      ),
    ).toEqual([
      [['server2'], ['server1', 'server3']],
      [['server2'], []],
    ])
    expect(varsOf(planned, 'server3', 0, 1)).toEqual(varsOf(planned, 'server2', 0, 1))
    expect(varsOf(planned, 'server3', 0, 0)).toBeUndefined()
    expect((await plan(files)).plays.map(({ beside }) => beside.length)).toEqual([0, 0])
  })

  test('vars of a peer are checked as those of any host', async () => {
    const files: Files = {
      'play.yml': '- hosts: cluster\n  roles: [join]\n',
      'roles/join/role.ts': greet.replace('async run', 'peers: true,\n  async run'),
      'host_vars/server3.yml': 'times: 10\n',
    }
    const errors = await errorsOf(() => plan(files, { limit: 'server2' }))
    expect(errors).toContain('host_vars/server3.yml:1:8 times of the role join is wrong for server3')
  })

  test('hosts of a role share one frozen set of vars where theirs are the same', async () => {
    const planned = await plan({ 'host_vars/server3.yml': 'people: [{ name: ann }]\n' })
    expect(varsOf(planned, 'server1')).toBe(varsOf(planned, 'server2'))
    expect(varsOf(planned, 'server1')).not.toBe(varsOf(planned, 'server3'))
    expect(() => (varsOf(planned, 'server3')['people'] as object[]).push({})).toThrow(TypeError)
  })

  test('a play that is left without hosts is skipped, with a note', async () => {
    const files = {
      'play.yml':
        '- { name: One, hosts: cluster, roles: [greet] }\n- { name: Two, hosts: web, roles: [greet] }\n',
    }
    const planned = await plan(files, { limit: 'server2,server3' })
    expect(planned.plays.map(({ name, batches }) => [name, batches.flat().map((host) => host.name)])).toEqual(
      [['One', ['server2', 'server3']]],
    )
    expect(planned.notes).toMatchInlineSnapshot(`
      [
        "play.yml:2: the play "Two" is skipped: --limit leaves none of its hosts",
      ]
    `)
  })
})

describe('secrets', () => {
  const secrets: Files = {
    'group_vars/all.yml': `greeting: hello
greet_password: !env DOOR
people:
  - { name: ann, password: !prompt Password of ann }
  - { name: bob, password: !prompt Password of ann }
`,
    'inv.yml': 'all: { hosts: { a: { password: !file secret }, b: { password: !env UNUSED } } }\n',
    secret: 'from a file\n',
  }
  const environment = { DOOR: 'open sesame' }

  test('are looked up for the hosts and roles of the run, each once', async () => {
    const ask = vi.fn(async (question: string) => new Secret(`answer to ${question}`))
    const first = await planWithHosts(secrets, { ask, environment, limit: 'a' })
    const vars = varsOf(first, 'a') as { greet_password: Secret; people: { password: Secret }[] }
    expect(vars.greet_password.reveal()).toBe('open sesame')
    expect(vars.people.map(({ password }) => password.reveal())).toEqual(
      Array(2).fill('answer to Password of ann'),
    )
    expect(first.plays[0]!.batches[0]![0]!.connection.password?.reveal()).toBe('from a file')
    expect(ask).toHaveBeenCalledTimes(1)
  })

  test('that are not to be had are told, and then nobody is asked anything', async () => {
    const ask = vi.fn(async () => null)
    expect(await errorsOf(() => planWithHosts(secrets, { ask, environment: {} }))).toMatchInlineSnapshot(`
      "inv.yml:1:68 the environment variable UNUSED is not set [SECRET_UNAVAILABLE]
        next      Set it for this command only: read -rs UNUSED && export UNUSED
      group_vars/all.yml:2:22 the environment variable DOOR is not set [SECRET_UNAVAILABLE]
        next      Set it for this command only: read -rs DOOR && export DOOR"
    `)
    expect(ask).not.toHaveBeenCalled()
  })

  test('are checked when they are known, without being shown', async () => {
    const errors = await errorsOf(() =>
      planWithHosts(secrets, {
        ask: async () => new Secret('x'),
        environment: { DOOR: 'short', UNUSED: 'x' },
      }),
    )
    expect(errors).toMatchInlineSnapshot(`
      "group_vars/all.yml:2:22 greet_password of the role greet is wrong for a, b [VAR_INVALID]
        expected  at least 8 characters long
        seen      a secret
        next      Correct the value. greet_password: Said at the door."
    `)
  })

  test('are left alone where nothing is to be looked up', async () => {
    const planned = await planWithHosts(secrets, { resolveSecrets: false })
    expect(String(varsOf(planned, 'a')['greet_password'])).toBe('•••')
    expect(() => (varsOf(planned, 'a')['greet_password'] as Secret).reveal()).toThrow('was not asked for')
  })

  test('in clear are secrets all the same, with a note for each place', async () => {
    const planned = await plan({
      'group_vars/all.yml':
        'greeting: hello\ngreet_password: in the clear\npeople:\n  - name: ann\n    password: x\n',
    })
    expect((varsOf(planned, 'server1')['greet_password'] as Secret).reveal()).toBe('in the clear')
    expect(planned.notes).toMatchInlineSnapshot(`
      [
        "group_vars/all.yml:5: people[0].password is written in clear; \`bringup secrets encrypt\` makes a !age value of it",
        "group_vars/all.yml:2: greet_password is written in clear; \`bringup secrets encrypt\` makes a !age value of it",
      ]
    `)
  })

  test('have no place on a command line', async () => {
    expect(await errorsOf(() => plan({}, { e: ['greet_password=in the clear'] }))).toMatchInlineSnapshot(`
      "-e:1:16 greet_password is a secret, and everybody on this machine can read a command line [VAR_INVALID]
        next      Give it as -e 'greet_password=!env NAME', or as !env, !file, !prompt or !age in YAML."
    `)
    const planned = await plan({}, { e: ['greet_password=!env DOOR'], environment })
    expect((varsOf(planned, 'server1')['greet_password'] as Secret).reveal()).toBe('open sesame')
  })

  const planWithHosts = (files: Files, options: Options) =>
    plan({ ...files, 'play.yml': '- { hosts: all, roles: [greet] }\n' }, options)
})

const wrong: Readonly<Record<string, Files | [Files, Options]>> = {
  'an unknown role': { 'play.yml': '- hosts: all\n  roles:\n    - gret\n' },
  'an unknown group': { 'play.yml': '- hosts: clutser\n  roles: [greet]\n' },
  'an unknown host to leave out': { 'play.yml': '- hosts: all:!server9\n  roles: [greet]\n' },
  'an unknown limit': [{}, { limit: 'sever1' }],
  'an unknown tag': [{}, { tags: ['x'] }],
  'an unknown start': [{}, { startAt: 'gret' }],
  'no host left': [{}, { limit: 'web' }],
  'a pattern that matches none': { 'play.yml': '- hosts: db*\n  roles: [greet]\n' },
  'no hosts at all': { 'inv.yml': 'all:\n' },
  'a missing var': { 'group_vars/all.yml': '' },
  'a missing var for one host': { 'group_vars/all.yml': '', 'host_vars/server1.yml': 'greeting: a\n', 'host_vars/server2.yml': 'greeting: a\n' },
  'a wrong type': { 'group_vars/all.yml': 'greeting: hello\ntimes: many\n' },
  'wrong types in several places': { 'group_vars/all.yml': 'greeting: 7\n', 'host_vars/server2.yml': 'times: 12\n' },
  'a wrong part': { 'group_vars/all.yml': 'greeting: hello\npeople:\n  - name: ann\n  - nam: bob\n' },
  'a mistyped var of a play': { 'play.yml': '- hosts: all\n  vars: { greting: x }\n  roles: [greet]\n' },
  'a mistyped var of a role': { 'play.yml': '- hosts: all\n  roles:\n    - role: greet\n      vars: { tmies: 2 }\n' },
  'a var of a role that has none': { 'play.yml': '- hosts: all\n  roles:\n    - role: idle\n      vars: { greeting: x }\n' },
  'a connection setting in a play': { 'play.yml': '- hosts: all\n  vars: { ansible_user: root }\n  roles: [greet]\n' },
  'a mistyped var of the command line': [{}, { e: ['greeing=x'] }],
  'a mistyped var of the inventory': { 'host_vars/server2.yml': 'tiems: 2\n' },
  'a template': { 'group_vars/all.yml': 'greeting: "hello {{ name }}"\n' },
  'a secret where none is wanted': { 'group_vars/all.yml': 'greeting: !env GREETING\n' },
  'no playbook': { 'play.yml': '' },
  'an inventory in its place': { 'play.yml': 'all: { hosts: { a: } }\n' },
  'plays without the needed keys': { 'play.yml': '- name: x\n- text\n- hosts: all\n  roles: greet\n' },
  'keys of Ansible': { 'play.yml': '- hosts: all\n  become: true\n  gather_facts: false\n  tasks: []\n  rolls: []\n  roles: [{ role: greet, when: x, greeting: y }]\n' },
  'wrong values': { 'play.yml': '- hosts: [1, {}]\n  serial: 0\n  tags: { a: 1 }\n  any_errors_fatal: 7\n  vars: [x]\n  roles: [{ vars: {} }, [x]]\n' },
  'a play without roles': { 'play.yml': '- hosts: all\n  roles: []\n' },
  'roles that never run': { 'play.yml': '- { hosts: all, roles: [{ role: greet, tags: never }] }\n' },
  'a start and tags that leave nothing': [{ 'play.yml': '- { hosts: all, roles: [{ role: greet, tags: a }, idle] }\n' }, { startAt: 'idle', tags: ['a'] }],
  'circular imports': { 'play.yml': '- import_playbook: b.yml\n', 'b.yml': '- import_playbook: play.yml\n' },
  'a missing import': { 'play.yml': '- import_playbook: b.yml\n  when: x\n' },
} // prettier-ignore

describe('what is wrong', () => {
  test('is told with its place and what to do', async () => {
    const told: string[] = []
    for (const [name, given] of Object.entries(wrong)) {
      const [files, options] = Array.isArray(given) ? (given as [Files, Options]) : [given as Files, {}]
      const errors = await errorsOf(() => plan(files, options))
      told.push(`# ${name}\n${errors.replace(/looked in .*/, 'looked in …')}`)
    }
    expect(`\n${told.join('\n\n')}\n`).toMatchInlineSnapshot(`
      "
      # an unknown role
      play.yml:3:7 no role "gret" (did you mean "greet"?) [ROLE_UNKNOWN]
        seen      looked in …
        next      Correct the name, or write the role: bringup new role gret

      # an unknown group
      play.yml:1:10 hosts of "clutser": no host or group "clutser" (did you mean "cluster"?) [HOST_UNKNOWN]
        next      The inventory has: all, cluster, web, server1, server2, server3, web1.

      # an unknown host to leave out
      play.yml:1:10 hosts of "all:!server9": no host or group "server9" (did you mean "server1"?) [HOST_UNKNOWN]
        next      The inventory has: all, cluster, web, server1, server2, server3, web1.

      # an unknown limit
      --limit: no host or group "sever1" (did you mean "server1"?) [HOST_UNKNOWN]
        next      The inventory has: all, cluster, web, server1, server2, server3, web1.

      # an unknown tag
      no play or role has the tag "x" [TAG_UNKNOWN]
        next      The playbook has no tags.

      # an unknown start
      the playbook has no role "gret" (did you mean "greet"?) [ROLE_UNKNOWN]
        next      Start at one of: greet.

      # no host left
      play.yml:2:10 no host is both in: cluster, and in --limit web [NO_HOSTS]
        next      Its hosts are: server1, server2, server3, web1.

      # a pattern that matches none
      play.yml:1:10 no host of inv.yml is in: db* [NO_HOSTS]
        next      Its hosts are: server1, server2, server3, web1.

      # no hosts at all
      the inventory inv.yml has no hosts [NO_HOSTS]
        next      Write them into it: "all:", below it "hosts:", below that one line "server1:" per host.

      # a missing var
      play.yml:4:7 the role greet needs the var greeting, which is not set for server1, server2, server3 [VAR_INVALID]
        expected  text
        next      Set greeting in the inventory or group_vars/, below "vars:" here, or with -e greeting=…. greeting: What to say.

      # a missing var for one host
      play.yml:4:7 the role greet needs the var greeting, which is not set for server3 [VAR_INVALID]
        expected  text
        next      Set greeting in the inventory or group_vars/, below "vars:" here, or with -e greeting=…. greeting: What to say.

      # a wrong type
      group_vars/all.yml:2:8 times of the role greet is wrong for server1, server2, server3 [VAR_INVALID]
        expected  a number
        seen      the text "many"
        next      Correct the value.

      # wrong types in several places
      group_vars/all.yml:1:11 greeting of the role greet is wrong for server1, server2, server3 [VAR_INVALID]
        expected  text
        seen      the number 7
        next      Correct the value. greeting: What to say.
      host_vars/server2.yml:1:8 times of the role greet is wrong for server2 [VAR_INVALID]
        expected  a number of at most 9
        seen      the number 12
        next      Correct the value.

      # a wrong part
      group_vars/all.yml:4:5 people[1].name of the role greet is wrong for server1, server2, server3 [VAR_INVALID]
        expected  text
        seen      nothing
        next      Correct the value.
      group_vars/all.yml:4:10 people[1].nam of the role greet is wrong for server1, server2, server3 (did you mean "name"?) [VAR_INVALID]
        expected  no such key
        seen      the key "nam"
        next      Correct the key, or take it out.

      # a mistyped var of a play
      play.yml:2:11 no role of the play has a var "greting" (did you mean "greeting"?) [VAR_UNKNOWN]
        next      Correct or remove it; known: greeting, times, people, greet_password.

      # a mistyped var of a role
      play.yml:4:15 the role greet has no var "tmies" (did you mean "times"?) [VAR_UNKNOWN]
        next      Correct or remove it; known: greeting, times, people, greet_password.

      # a var of a role that has none
      play.yml:4:15 the role idle has no var "greeting" [VAR_UNKNOWN]
        next      Take it out: it has no vars at all.

      # a connection setting in a play
      play.yml:2:11 no role of the play has a var "ansible_user" [VAR_UNKNOWN]
        next      This is a connection setting: it belongs into the inventory.

      # a mistyped var of the command line
      -e:1:9 no role of the playbook has a var "greeing" (did you mean "greeting"?) [VAR_UNKNOWN]
        next      Correct or remove it; known: greeting, times, people, greet_password.

      # a mistyped var of the inventory
      host_vars/server2.yml:1:1 no role reads "tiems" (did you mean "times"?) [VAR_UNKNOWN]
        next      Write times, or choose a name that can not be mistaken for it.

      # a template
      group_vars/all.yml:1:11 greeting holds a template, which is not evaluated [VAR_INVALID]
        seen      {{ … }}
        next      Write the value itself; if the braces are meant as they stand, tag it: !unsafe "…".

      # a secret where none is wanted
      group_vars/all.yml:1:16 greeting of the role greet is wrong for server1, server2, server3 [VAR_INVALID]
        expected  text
        seen      a secret
        next      Correct the value. greeting: What to say.

      # no playbook
      play.yml:1:1 the playbook has no plays [PLAYBOOK_INVALID]
        next      Write at least one: "- hosts: all", below it "roles:" with a list.

      # an inventory in its place
      play.yml:1:1 a playbook must be a list of plays, not a map [PLAYBOOK_INVALID]
        next      This is an inventory: give it with -i.

      # plays without the needed keys
      play.yml:1:3 the play has no "hosts" [PLAYBOOK_INVALID]
        next      Name the hosts or groups that it is for: "hosts: cluster", or "hosts: all".
      play.yml:1:3 the play has no "roles" [PLAYBOOK_INVALID]
        next      List the roles below "roles:", one per line with a dash: "- preflight".
      play.yml:2:3 a play must be a map, not the text "text" [PLAYBOOK_INVALID]
        next      Write "name:", "hosts:" and "roles:" below the dash.
      play.yml:4:10 "roles" must be a list, not the text "greet" [PLAYBOOK_INVALID]
        next      List the roles below "roles:", one per line with a dash: "- preflight".

      # keys of Ansible
      play.yml:2:3 unknown key "become" in a play [PLAYBOOK_INVALID]
        next      Who to become is a matter of the host: set "become: true" in the inventory.
      play.yml:3:3 unknown key "gather_facts" in a play [PLAYBOOK_INVALID]
        next      Take it out: facts are gathered once for each host, in one round trip.
      play.yml:4:3 unknown key "tasks" in a play [PLAYBOOK_INVALID]
        next      Tasks are TypeScript, in a role: \`bringup new role NAME\`, then list the role under "roles:".
      play.yml:5:3 unknown key "rolls" in a play (did you mean "roles"?) [PLAYBOOK_INVALID]
        next      Correct it, or take it out; known here: name, hosts, roles, vars, serial, tags, any_errors_fatal.
      play.yml:6:26 unknown key "when" in a role entry [PLAYBOOK_INVALID]
        next      A role decides by itself: write an "if" in its role.ts, or choose the hosts with "hosts:".
      play.yml:6:35 unknown key "greeting" in a role entry [PLAYBOOK_INVALID]
        next      A role entry takes: role, vars, tags. Vars of the role go below "vars:".

      # wrong values
      play.yml:1:10 "hosts" must be text or a list of texts, not a list [PLAYBOOK_INVALID]
        next      Write for example: hosts: [one, two].
      play.yml:2:11 "serial" must be a whole number from 1, or a share from 1% to 100%, not the number 0 [PLAYBOOK_INVALID]
        next      Write how many hosts go at a time, as "serial: 1", or a share of them, as "serial: 50%".
      play.yml:3:9 "tags" must be text or a list of texts, not a map [PLAYBOOK_INVALID]
        next      Write for example: tags: [one, two].
      play.yml:4:21 "any_errors_fatal" must be true or false, not the number 7 [PLAYBOOK_INVALID]
        next      Write true or false.
      play.yml:5:9 "vars" of the play must be a map, not a list [PLAYBOOK_INVALID]
        next      Write one "name: value" per line below it.
      play.yml:6:11 a role entry must name a role, not be a map without "role" [PLAYBOOK_INVALID]
        next      Write "- preflight", or "- role: preflight" with "vars:" or "tags:" below it.
      play.yml:6:25 a role entry must name a role, not be a list [PLAYBOOK_INVALID]
        next      Write "- preflight", or "- role: preflight" with "vars:" or "tags:" below it.

      # a play without roles
      play.yml:2:10 the play has no "roles" [PLAYBOOK_INVALID]
        next      List the roles below "roles:", one per line with a dash: "- preflight".

      # roles that never run
      no role is left to run [TAG_UNKNOWN]
        seen      all of them are tagged never
        next      Ask for other tags, or start elsewhere.

      # a start and tags that leave nothing
      no role is left to run [TAG_UNKNOWN]
        seen      none from idle on has one of the tags
        next      Ask for other tags, or start elsewhere.

      # circular imports
      b.yml:1:20 circular imports: play.yml > b.yml > play.yml [PLAYBOOK_INVALID]
        next      Take this import out.

      # a missing import
      play.yml:1:20 b.yml is not there [FILE_UNREADABLE]
        next      Check the path, and the directory you are in.
      play.yml:2:3 unknown key "when" in an import [PLAYBOOK_INVALID]
        next      Correct it, or take it out; known here: import_playbook, name.
      "
    `)
  })

  test('an unused var of the inventory is not, if another role reads it or nothing is near it', async () => {
    const planned = await plan({ 'host_vars/server1.yml': 'timed: 1\ncompletely_different: 1\n' })
    expect(planned.notes).toEqual([])
  })

  test('nor where a role that could read it is slow to load, or can not be loaded', async () => {
    const slow = `await new Promise((resolve) => setTimeout(resolve, 2500))\n${base['roles/other/role.ts']}`
    const vars = { 'host_vars/server1.yml': 'timed: 1\n' }
    expect((await plan({ ...vars, 'roles/other/role.ts': slow })).notes).toEqual([])
    expect((await plan({ ...vars, 'roles/other/role.ts': 'throw new Error()\n' })).notes).toEqual([])
  })

  test('a name near one that the host has anyway is not', async () => {
    const planned = await plan({ 'host_vars/server1.yml': 'greeting: a\ngreetingz: b\n' })
    expect(varsOf(planned, 'server1')['greeting']).toBe('a')
  })
})
