import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesDigest } from '../../../src/run/files_digest.ts'
import { addFiles, project } from '../../support/project.ts'

test('is the same until a file is another, gone, renamed or new', () => {
  const directory = project({ 'role.ts': 'a', 'files/x': 'b', 'node_modules/y/z.js': 'c' })
  const first = filesDigest(directory)
  addFiles(directory, { 'node_modules/y/z.js': 'changed', '.swp': 'x' })
  expect(filesDigest(directory)).toBe(first)
  chmodSync(join(directory, 'role.ts'), 0o755)
  expect(filesDigest(directory)).toBe(first)
  addFiles(directory, { 'files/x': 'other' })
  const second = filesDigest(directory)
  expect(second).not.toBe(first)
  addFiles(directory, { 'files/new': '' })
  expect(filesDigest(directory)).not.toBe(second)
})

test('of a directory that is not there is one too', () => {
  expect(filesDigest('/nowhere')).toBe(filesDigest('/nowhere/else'))
})
