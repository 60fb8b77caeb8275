import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'

let lab: Lab
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bringup-readme-'))
  lab = await raiseLab({ nodes: 2 })
})

afterAll(async () => {
  await lab?.down()
  await rm(folder, { recursive: true, force: true })
})

/** The README's code blocks whose first line names a file, by that name. */
async function namedBlocks(): Promise<Map<string, string>> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  return new Map(
    [...readme.matchAll(/^```\w+\n(?:#|\/\/) (\S+)\n([\s\S]*?)^```/gm)].map(([, name = '', text = '']) => [
      name,
      text,
    ]),
  )
}

test('the README’s first playbook works when pasted, and changes nothing the second time', async () => {
  const blocks = await namedBlocks()
  expect([...blocks.keys()]).toEqual(['hosts.yml', 'site.yml', 'roles/motd/role.ts'])
  for (const [name, text] of blocks) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  const role = blocks.get('roles/motd/role.ts') ?? ''
  expect(role.trim().split('\n').length).toBeLessThanOrEqual(15)

  // The lab's file adds what the README leaves to ~/.ssh/config: addresses and a key.
  const run = () => bringupRun(['site.yml', '-i', 'hosts.yml', '-i', lab.inventory], { cwd: folder })
  const first = await run()
  expect(first.exitCode, first.output).toBe(0)
  expect((await lab.exec('server2', 'cat /etc/motd')).stdout).toBe('Welcome to server2\n')
  expect((await run()).changed).toEqual([])
})
