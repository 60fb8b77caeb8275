import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { $ } from 'zx/core'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'

let lab: Lab
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bringup-package-'))
  lab = await raiseLab({ nodes: 1 })
})

afterAll(async () => {
  await lab?.down()
  await rm(folder, { recursive: true, force: true })
})

test('the packed package, installed into an empty folder, runs a playbook with a role written there', async () => {
  const root = new URL('../..', import.meta.url).pathname
  const { stdout } = await $({ cwd: root, quiet: true })`npm pack --json --pack-destination ${folder}`
  const packed: unknown = JSON.parse(stdout.slice(stdout.indexOf('[')))
  const [{ filename, files }] = packed as [{ filename: string; files: { path: string }[] }]
  const tarball = join(folder, filename)
  expect(files.map(({ path }) => path)).toContain('dist/roles/openvz_agent/files/openvz')

  const user = join(folder, 'site')
  await mkdir(join(user, 'roles', 'motd'), { recursive: true })
  await writeFile(join(user, 'package.json'), '{ "private": true, "type": "module" }')
  await writeFile(
    join(user, 'roles', 'motd', 'role.ts'),
    `import { defineRole, z } from 'bringup'

export default defineRole({
  summary: 'A word of welcome',
  vars: z.strictObject({ motd_text: z.string() }),
  async run({ nodes, vars }) {
    await nodes.each((node) => node.file({ path: '/etc/motd', content: vars.motd_text + '\\n' }))
  },
})
`,
  )
  await writeFile(
    join(user, 'site.yml'),
    '- name: Welcome\n  hosts: cluster\n  vars: { motd_text: from the package }\n  roles: [hosts_file, motd]\n',
  )
  const shell = $({ cwd: user, quiet: true, nothrow: true })
  const install = await shell`npm install --prefer-offline --no-audit --no-fund ${tarball}`
  expect(install.exitCode, install.stderr).toBe(0)

  // The machine's own Node may be too old to strip types: the command finds the one that the package brings.
  const systemPath = (process.env['PATH'] ?? '')
    .split(':')
    .filter((entry) => !entry.includes('node_modules'))
    .join(':')
  const run = await $({ cwd: user, quiet: true, nothrow: true, env: { ...process.env, PATH: systemPath } })`
    ./node_modules/.bin/bringup run site.yml -i ${lab.inventory}`
  expect(run.exitCode, run.stdout + run.stderr).toBe(0)
  expect((await lab.exec('server1', 'cat /etc/motd')).stdout).toBe('from the package\n')
})
