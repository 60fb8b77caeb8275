import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject } from '../support/engine_project.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

test('a key that is made on one node gets to the other byte by byte, and shows nowhere', async () => {
  const text = randomBytes(24).toString('hex')
  const bytes = randomBytes(256)
  await lab.exec('server1', 'cat >/root/key.txt', { input: text })
  await lab.exec('server1', 'cat >/root/key.bin', { input: bytes })
  const site = engineProject(lab, {
    keys: `
  async run({ nodes }) {
    for (const path of ['/root/key.txt', '/root/key.bin']) {
      const content = await nodes.first.readSecret(path)
      await nodes.each((node) => node.file({ path, content, mode: '0400' }))
    }
  },`,
  })
  const run = await site.run()
  expect(run.exitCode, run.output).toBe(0)
  expect((await lab.exec('server2', 'cat /root/key.txt')).stdout).toBe(text)
  expect((await lab.exec('server2', 'base64 -w0 /root/key.bin; stat -c " %a" /root/key.bin')).stdout).toBe(
    `${bytes.toString('base64')} 400\n`,
  )
  const journal = site
    .journals()
    .map((file) => readFileSync(file, 'utf8'))
    .join('')
  for (const shown of [run.output, JSON.stringify(run.events), journal]) {
    expect(shown).not.toContain(text)
    expect(shown).not.toContain(JSON.stringify(bytes.toString('utf8')).slice(1, 40))
  }
})
