import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringupRun, startBringup } from '../../support/bringup.ts'
import type { RunResult } from '../../support/bringup.ts'
import { roleSource } from '../../support/engine_project.ts'
import { addFiles } from '../../support/project.ts'

/** In place of the hosts' sshd: counts who comes. */
let server: Server
let connections = 0
beforeAll(async () => {
  server = createServer((socket) => {
    connections += 1
    socket.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => void server.close())

/** These tests run side by side, so what is to be removed belongs to all of them. */
const base = mkdtempSync(join(tmpdir(), 'bringup-bad-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
function project(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(base, 'project-'))
  addFiles(directory, files)
  return directory
}

const hosts = (): string => `all:
  vars: { host: 127.0.0.1, port: ${(server.address() as AddressInfo).port}, user: root }
  children:
    web:
      hosts: { server1: }
    db:
      hosts: { server2: { shares_address: true } }
`
const site = `- name: Greet
  hosts: all
  tags: [greet]
  roles:
    - greet
`
const greet = roleSource(
  'greet',
  `  vars: z.strictObject({ greeting: z.string().default('hi'), times: z.number().default(1) }),
  async run({ nodes }) {
    await nodes.each((node) => node.$\`true\`)
  },`,
)

/** Runs on a right project in which these files are others. */
async function run(files: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const cwd = project({ 'hosts.yml': hosts(), 'site.yml': site, 'roles/greet/role.ts': greet, ...files })
  return runIn(cwd, args)
}

async function runIn(cwd: string, args: readonly string[]): Promise<RunResult & { cwd: string }> {
  const all = ['site.yml', ...(args.includes('-i') ? [] : ['-i', 'hosts.yml']), ...args]
  return { ...(await bringupRun(all, { cwd, output: 'text' })), cwd }
}

/** Nobody was asked, nothing was written, and what is told is told for people. */
function expectUntouched({ stdout, stderr, cwd }: RunResult & { cwd: string }): void {
  expect(stdout).toBe('')
  expect(stderr).not.toMatch(/^\s+at |INTERNAL|node:internal/m)
  expect(connections).toBe(0)
  expect(existsSync(join(cwd, '.bringup'))).toBe(false)
}

interface Case {
  readonly files?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** The first line of the answer. */
  readonly told: string
  /** Of the remedy, or of what is seen. */
  readonly next: string
}

const play = (lines: string): string => `- name: Greet\n  hosts: all\n${lines}`

const cases: Readonly<Record<string, Case>> = {
  'an unknown role': {
    files: { 'site.yml': site.replace('- greet', '- gret') },
    told: 'site.yml:5:7 no role "gret" (did you mean "greet"?) [ROLE_UNKNOWN]',
    next: 'bringup new role gret',
  },
  'an unknown host': {
    args: ['--limit', 'server9'],
    told: '--limit: no host or group "server9" (did you mean "server1"?) [HOST_UNKNOWN]',
    next: 'server1',
  },
  'an unknown group': {
    files: { 'site.yml': site.replace('all', 'wbe') },
    told: 'site.yml:2:10 hosts of "Greet": no host or group "wbe" (did you mean "web"?) [HOST_UNKNOWN]',
    next: 'web',
  },
  'an unknown tag': {
    args: ['--tags', 'gret'],
    told: 'no play or role has the tag "gret" (did you mean "greet"?) [TAG_UNKNOWN]',
    next: 'Its tags are: greet.',
  },
  'a mistyped var': {
    files: { 'site.yml': `${site}  vars: { greting: hello }\n` },
    told: 'site.yml:6:11 no role of the play has a var "greting" (did you mean "greeting"?) [VAR_UNKNOWN]',
    next: 'greeting, times',
  },
  'a mistyped var on the command line': {
    args: ['-e', 'tims=3'],
    told: '-e:1:6 no role of the playbook has a var "tims" (did you mean "times"?) [VAR_UNKNOWN]',
    next: 'greeting, times',
  },
  'a var of the wrong type': {
    files: { 'group_vars/web.yml': 'greeting: x\ntimes: often\n' },
    told: 'group_vars/web.yml:2:8 times of the role greet is wrong for server1 [VAR_INVALID]',
    next: '"often"',
  },
  'a key that is there twice': {
    files: { 'site.yml': `${site}  hosts: web\n` },
    told: 'site.yml:6:3 the key "hosts" is here a second time [YAML_SYNTAX]',
    next: 'line 2',
  },
  'a tab': {
    files: { 'site.yml': play('\troles: [greet]\n') },
    told: 'site.yml:3:1 a tab where YAML wants spaces [YAML_SYNTAX]',
    next: 'spaces',
  },
  'an anchor that loops': {
    files: { 'group_vars/web.yml': 'greeting: &a [*a]\n' },
    told: 'group_vars/web.yml:1:15 *a is inside the value that it stands for [YAML_SYNTAX]',
    next: 'Write the value out',
  },
  'groups in a circle': {
    files: { 'hosts.yml': 'a: { children: { b: } }\nb: { children: { a: } }\n' },
    told: 'hosts.yml:1:18 circular groups: a > b > a [INVENTORY_INVALID]',
    next: 'Take "b" out of the children of "a".',
  },
  'two hosts with one address': {
    files: { 'hosts.yml': 'all: { hosts: { a: { host: 10.0.0.1 }, b: { host: 10.0.0.1 } } }\n' },
    told: 'hosts.yml:1:40 a and b are both 10.0.0.1 port 22 [INVENTORY_INVALID]',
    next: 'shares_address: true',
  },
  'a playbook that matches no host': {
    files: { 'site.yml': site.replace('all', 'web:&db') },
    told: 'site.yml:2:10 no host of hosts.yml is in: web:&db [NO_HOSTS]',
    next: 'server1, server2',
  },
  'a mebibyte of brackets': {
    files: { 'hosts.yml': '['.repeat(1024 * 1024) },
    told: 'nested too deeply to be read [YAML_SYNTAX]',
    next: 'the file you meant',
  },
  'a role that throws when it is imported': {
    files: { 'roles/greet/role.ts': `${greet}\nthrow new Error('no luck')\n` },
    told: 'roles/greet/role.ts:11:7 the role can not be loaded: it throws when it is imported: no luck [ROLE_INVALID]',
    next: 'Do nothing outside of run',
  },
  'a role that never ends loading': {
    files: { 'roles/greet/role.ts': `${greet}\nawait new Promise(() => setInterval(() => {}, 1000))\n` },
    told: 'roles/greet/role.ts:1:1 the role can not be loaded: it is still loading after 10 s [ROLE_INVALID]',
    next: 'Look for an "await"',
  },
  'a role that imports a missing package': {
    files: { 'roles/greet/role.ts': `import 'left-pad'\n${greet}` },
    told: 'roles/greet/role.ts:1:1 the role can not be loaded: it imports "left-pad", which is not there [ROLE_INVALID]',
    next: 'npm install left-pad',
  },
  'a role that imports a missing file': {
    files: { 'roles/greet/role.ts': `import './other.ts'\n${greet}` },
    told: 'roles/greet/role.ts:1:1 the role can not be loaded: it imports "other.ts", which is not there [ROLE_INVALID]',
    next: 'Correct the path',
  },
  'a role with a syntax error': {
    files: { 'roles/greet/role.ts': `${greet}\nconst = 1\n` },
    told: 'roles/greet/role.ts:11:1 the role can not be loaded: Unexpected token',
    next: 'Correct the syntax',
  },
  'a role without a default export': {
    files: { 'roles/greet/role.ts': greet.replace('export default', 'export const role =') },
    told: 'roles/greet/role.ts:1:1 the file has no role as its default export [ROLE_INVALID]',
    next: 'export default defineRole',
  },
  'a role that ends the process': {
    files: { 'roles/greet/role.ts': `${greet}\nprocess.exit(0)\n` },
    told: 'roles/greet/role.ts:11:9 bringup was ended before anything was connected, by a role or a package of one [ROLE_INVALID]',
    next: 'process.exit',
  },
  'a role that ends the process as if it had failed': {
    files: { 'roles/greet/role.ts': `${greet}\nprocess.exit(3)\n` },
    told: 'roles/greet/role.ts:11:9 bringup was ended before',
    next: 'process.exit',
  },
  'an inventory that is a device': {
    args: ['-i', '/dev/zero'],
    told: '/dev/zero is a device [FILE_UNREADABLE]',
    next: 'Name a file.',
  },
}

test('a right project is connected, so that those below would be', { timeout: 180_000 }, async () => {
  const { exitCode, stdout } = await run({})
  expect(exitCode, stdout).toBe(4)
  expect(connections).toBeGreaterThan(0)
  connections = 0
})

describe.concurrent(
  'before anything is connected, it is told with exit code 5 that there is',
  { timeout: 180_000 },
  () => {
    test.each(Object.entries(cases))('%s', async (_name, { files = {}, args = [], told, next }) => {
      const result = await run(files, args)
      expect(result.stderr).toContain(told)
      expect(result.stderr).toContain(next)
      expect(result.exitCode).toBe(5)
      expectUntouched(result)
    })

    test('an inventory that is a pipe of nobody, binary, or an empty folder', async () => {
      const cwd = project({ 'site.yml': site, 'roles/greet/role.ts': greet })
      execFileSync('mkfifo', [join(cwd, 'pipe')])
      mkdirSync(join(cwd, 'folder'))
      writeFileSync(
        join(cwd, 'binary'),
        Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 37) & 255)),
      )
      for (const [name, told] of [
        ['pipe', 'pipe is a pipe that nobody writes to [FILE_UNREADABLE]'],
        ['folder', 'folder is a directory without any *.yml [FILE_UNREADABLE]'],
        ['binary', 'binary is not UTF-8 text [FILE_UNREADABLE]'],
      ] as const) {
        const result = await runIn(cwd, ['-i', name])
        expect(result.stderr).toContain(told)
        expect(result.exitCode).toBe(5)
        expectUntouched(result)
      }
    })
  },
)

describe.concurrent('a role that goes round for ever', { timeout: 180_000 }, () => {
  test('while it is imported is ended with Ctrl-C, at once', async () => {
    const cwd = project({
      'hosts.yml': hosts(),
      'site.yml': site,
      'roles/greet/role.ts': `${greet}\nprocess.stderr.write('round\\n')\nfor (;;);\n`,
    })
    const started = startBringup(['site.yml', '-i', 'hosts.yml'], { cwd, output: 'text' })
    await started.said('round')
    process.kill(started.pid, 'SIGINT')
    const { exitCode, stdout } = await started.ended
    expect(exitCode).toBe(128)
    expectUntouched({ ...(await started.ended), stdout, cwd })
  })
})

describe.concurrent('a NUL byte that a role gives', { timeout: 180_000 }, () => {
  test.each([
    ['a command', 'node.$`echo ${nul}`'],
    ['a reading command', 'node.$.read`echo ${nul}`'],
    ['the directory of a command', 'node.$({ cwd: `/${nul}` })`true`'],
    ['the value of a variable', 'node.$({ env: { A: nul } })`true`'],
    ['the name of a variable', "node.$({ env: { [nul]: 'a' } })`true`"],
    ['a command with much input', "node.$({ input: 'x'.repeat(100_000) })`cat >/dev/null; echo ${nul}`"],
    ['the path of a file', "node.file({ path: `/tmp/${nul}`, content: '', mode: '0644' })"],
    ['the path of what is read', 'node.readText(`/tmp/${nul}`)'],
    [
      'a command of a task',
      "node.task('t', { met: async ({ $ }) => { await $.read`echo ${nul}`; return true }, apply: async () => {} })",
    ],
  ])('to %s is its own mistake, with its place', async (_name, call) => {
    const cwd = project({
      'hosts.yml': 'all: { hosts: { here: { connection: local } } }\n',
      'site.yml': site,
    })
    addFiles(cwd, {
      'roles/greet/role.ts': roleSource(
        'greet',
        `  async run({ nodes }) {
    const nul = String.fromCharCode(0)
    for (const node of nodes)
      await ${call}
  },`,
      ),
    })
    const { exitCode, stdout, stderr } = await runIn(cwd, [])
    expect(stdout).toContain('[ROLE_INVALID]')
    expect(stdout).toMatch(/roles\/greet\/role\.ts:9:\d+/)
    expect(stdout + stderr).not.toMatch(/INTERNAL|^\s+at /m)
    expect(exitCode).toBe(2)
  })
})
