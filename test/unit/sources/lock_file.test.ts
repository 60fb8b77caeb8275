import { lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { planRun } from '../../../src/playbook/plan.ts'
import { addToLockFile, sourcesLockFile } from '../../../src/sources/lock_file.ts'
import { errorsOf, project } from '../../support/project.ts'

const SUM = 'a'.repeat(64)
const source = { name: 'drbd-9.2.16', sha256: SUM, from: 'https://example.org/d.tar.gz' }

test('the lock lies beside the inventory, or in it', () => {
  const cwd = project({ 'inventory/site.yml': 'all:\n', 'b/all.yml': 'all:\n' })
  expect(sourcesLockFile(['inventory/site.yml'], cwd)).toBe(join(cwd, 'inventory/sources.lock.yml'))
  expect(sourcesLockFile(['b', 'inventory/site.yml'], cwd)).toBe(join(cwd, 'b/sources.lock.yml'))
})

test('it is written whole, and a link to it stays one', async () => {
  const cwd = project({ 'real.yml': '# ours\nsources: {}\n' })
  const file = join(cwd, 'sources.lock.yml')
  symlinkSync('real.yml', file)
  await addToLockFile(file, cwd, source)
  expect(lstatSync(file).isSymbolicLink()).toBe(true)
  expect(readFileSync(file, 'utf8')).toMatch(/^# ours\nsources:\n\s+drbd-9\.2\.16:\n/)
  expect(readdirSync(cwd).toSorted()).toEqual(['real.yml', 'sources.lock.yml'])
})

test('where it can not be written, it says so', async () => {
  const cwd = project({})
  await expect(addToLockFile(join(cwd, 'no/sources.lock.yml'), cwd, source)).rejects.toMatchObject({
    code: 'WRITE_FAILED',
  })
})

test('a lock that is wrong is found with all else that is, and is no part of an inventory that is a directory', async () => {
  const cwd = project({
    'inv/site.yml': 'all:\n  hosts: { server1: }\n',
    'inv/sources.lock.yml': 'sources:\n  drbd-9.2.16: { sha256: 123 }\n',
    'play.yml': '- name: It\n  hosts: all\n  roles: []\n',
  })
  const plan = () =>
    planRun({ playbook: 'play.yml', inventory: 'inv' }, { cwd, resolveSecrets: false, ask: async () => null })
  const said = await errorsOf(plan)
  expect(said).toContain('inv/sources.lock.yml:2:')
  expect(said).toContain('SOURCES_LOCK_INVALID')
  expect(said).not.toContain('INVENTORY_INVALID')
})
