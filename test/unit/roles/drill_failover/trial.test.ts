import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  append,
  clear,
  intact,
  prepare,
  readRecords,
  writeFile,
} from '../../../../roles/drill_failover/trial.ts'
import { createShell } from '../../../../src/shell/create.ts'
import { localRemote } from '../../../support/local_remote.ts'

let place: string
beforeEach(() => void (place = mkdtempSync(join(tmpdir(), 'trial-'))))
afterEach(() => rmSync(place, { recursive: true }))

const node = {
  name: 'server1',
  $: createShell({ remote: localRemote({ shell: ['dash'] }), mode: 'run', record: () => {} }),
}

// What a node has, and what a container may have.
describe.each([['sh'], ['busybox sh']])('a trial in %s', (shell) => {
  const trial = () => ({ what: 'folder', shell: shell.split(' '), folder: join(place, '.drill') })

  test('keeps the records that it acknowledged, from none on', async () => {
    await prepare(node, trial())
    expect(await append(node, trial(), 'server1-1', 20)).toBe(true)
    expect(await append(node, trial(), 'server1-2', 20)).toBe(true)
    expect(await readRecords(node, trial())).toBe('server1-1\nserver1-2\n')
    await prepare(node, trial())
    expect(await readRecords(node, trial())).toBe('')
  })

  test('acknowledges nothing, and leaves nothing, where the folder is not', async () => {
    expect(await append(node, trial(), 'server1-1', 20)).toBe(false)
    expect(readdirSync(place)).toEqual([])
  })

  test('tells a file that is as it was from one that is not', async () => {
    await prepare(node, trial())
    const sum = await writeFile(node, trial(), 'before-power')
    const file = join(trial().folder, 'before-power')
    expect(readFileSync(file)).toHaveLength(262_144)
    await intact(node, trial(), { name: 'before-power', sum, after: 'power cut' })
    writeFileSync(file, 'x', { flag: 'a' })
    await expect(intact(node, trial(), { name: 'before-power', sum, after: 'power cut' })).rejects.toThrow(
      'a file written before the power cut is not intact on server1',
    )
  })

  test('leaves nothing behind', async () => {
    await prepare(node, trial())
    await clear(node, trial())
    expect(existsSync(trial().folder)).toBe(false)
  })
})

test('a path that a shell would read as something else is refused', async () => {
  const odd = { what: 'folder', shell: ['sh'], folder: `${place}/a b;c` }
  await expect(prepare(node, odd)).rejects.toThrow('letters, digits')
})
