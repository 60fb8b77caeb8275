import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { coveredBy } from '../../../scripts/long_suites/covered.ts'
import { longSuites, minutesForThem } from '../../../scripts/long_suites/suites.ts'

const root = join(import.meta.dirname, '../../..')

test('every suite on virtual machines is in the table; DRBD 9’s runs when there is a tarball, and is told of by itself', () => {
  const there = globSync(['test/vms/**/*.test.ts', 'test/vagrant/**/*.test.ts'], { cwd: root })
  const inTable = longSuites.map(({ file }) => file).filter((file) => !file.startsWith('test/containers/'))
  expect(inTable.toSorted()).toEqual(there.filter((file) => file !== 'test/vms/drbd9.test.ts').toSorted())
})

test('some fit into the time there is, two of them even together', () => {
  const [shortest = 0, next = 0] = longSuites.map(({ minutes }) => minutes).toSorted((a, b) => a - b)
  expect(shortest + next).toBeLessThanOrEqual(minutesForThem)
})

test.each(longSuites)('$file is there, and so is what it is about', ({ file, about }) => {
  expect([file, ...about].filter((path) => !existsSync(join(root, path)))).toEqual([])
})

describe('a suite is about', () => {
  const covered = (about: string[]): ReadonlySet<string> =>
    coveredBy({ file: 'test/vms/lab.test.ts', minutes: 1, about }, root)

  test('its own file, and all files of a folder', () => {
    expect(covered(['scripts/vagrant'])).toEqual(
      new Set([
        'test/vms/lab.test.ts',
        ...globSync('**/*.ts', { cwd: join(root, 'scripts/vagrant') }).map(
          (file) => `scripts/vagrant/${file}`,
        ),
      ]),
    )
  })

  test('the roles of a playbook, and what they import, wherever that is', () => {
    const files = covered(['playbooks/drbd-cluster.yml'])
    expect(files).toContain('roles/drbd_module/build.ts')
    expect(files).toContain('src/operations/mkfs.ts')
    // That imports it in its turn.
    expect(files).toContain('src/devices/look.ts')
    expect(files).not.toContain('roles/drill_failover/role.ts')
    expect(files).not.toContain('roles/drbd_module/README.md')
  })

  test('not what everything is about: the engine, and the catalogue of errors', () => {
    const files = covered(['playbooks/drbd-cluster.yml', 'playbooks/drill-failover.yml'])
    expect(
      [...files].filter((file) => /^src\/(?:run|cli|connection|inventory|report)\/|^src\/[^/]*$/.test(file)),
    ).toEqual([])
  })
})
