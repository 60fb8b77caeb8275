import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commentEntry, removeEntry, setEntry } from '../../../src/operations/fstab_text.ts'
import type { FstabEntry } from '../../../src/operations/fstab_text.ts'

const path = '/etc/fstab'
const data: FstabEntry = {
  spec: '/dev/drbd0',
  mountpoint: '/vz',
  type: 'ext4',
  options: ['noauto', 'noatime'],
  dump: 0,
  pass: 0,
}
const debian = `# <file system> <mount point>   <type>  <options>       <dump>  <pass>
UUID=1111-2222  /               ext4    errors=remount-ro 0       1
UUID=3333-4444  /vz             ext4    defaults        0       2
UUID=5555-6666  none            swap    sw              0       0
`

describe('setEntry', () => {
  test('changes the fields that differ, in their columns', () => {
    expect(setEntry(debian, path, data)).toMatchInlineSnapshot(`
      "# <file system> <mount point>   <type>  <options>       <dump>  <pass>
      UUID=1111-2222  /               ext4    errors=remount-ro 0       1
      /dev/drbd0  /vz             ext4    noauto,noatime        0       0
      UUID=5555-6666  none            swap    sw              0       0
      "
    `)
  })

  test.each<[string, string, Partial<FstabEntry>, string]>([
    [
      'a new one goes to the end',
      '/dev/a / ext4\n',
      {},
      '/dev/a / ext4\n/dev/drbd0 /vz ext4 noauto,noatime 0 0\n',
    ],
    [
      'left-out fields are their defaults',
      '/dev/drbd0 /vz ext4\n',
      { options: ['defaults'] },
      '/dev/drbd0 /vz ext4\n',
    ],
    [
      'and are written when they are not',
      '/dev/drbd0 /vz/ ext4\n',
      { pass: 2 },
      '/dev/drbd0 /vz ext4 noauto,noatime 0 2\n',
    ],
    [
      'blanks in paths are escaped',
      '',
      { mountpoint: '/a b' },
      '/dev/drbd0 /a\\040b ext4 noauto,noatime 0 0\n',
    ],
    [
      'and read again',
      '/dev/drbd0 /a\\040b ext4 noauto,noatime 0 0\n',
      { mountpoint: '/a b' },
      '/dev/drbd0 /a\\040b ext4 noauto,noatime 0 0\n',
    ],
    [
      'behind the one that was commented out',
      '#/dev/sdb1 /vz ext4\n/dev/a / ext4\n',
      {},
      '#/dev/sdb1 /vz ext4\n/dev/drbd0 /vz ext4 noauto,noatime 0 0\n/dev/a / ext4\n',
    ],
    [
      'swap is known by its spec',
      '/dev/a none swap sw 0 0\n',
      { spec: '/dev/b', mountpoint: 'none', type: 'swap', options: ['sw'] },
      '/dev/a none swap sw 0 0\n/dev/b none swap sw 0 0\n',
    ],
    [
      'of several at one point, that of the spec',
      '/dev/x /vz xfs\n/dev/drbd0 /vz ext4\n',
      {},
      '/dev/x /vz xfs\n/dev/drbd0 /vz ext4 noauto,noatime 0 0\n',
    ],
  ])('%s', (_, text, change, after) => {
    const entry = { ...data, ...change }
    expect(setEntry(text, path, entry)).toBe(after)
    expect(setEntry(after, path, entry)).toBe(after)
  })

  test('refuses to choose between several at one point', () => {
    expect(() => setEntry('/dev/x /vz xfs\n/dev/y /vz ext4\n', path, data)).toThrow(
      expect.objectContaining({ code: 'REFUSED', message: '/etc/fstab mounts several filesystems at /vz' }),
    )
  })
})

test('a line is commented out once, and stays to be read', () => {
  const once = commentEntry(debian, { path, mountpoint: '/vz' })
  expect(once).toContain('\n#UUID=3333-4444  /vz             ext4    defaults        0       2\n')
  expect(commentEntry(once, { path, mountpoint: '/vz' })).toBe(once)
  expect(removeEntry(once, { path, mountpoint: '/vz' })).toBe(once)
})

test('removing takes only what is meant', () => {
  const target = { path, mountpoint: 'none', spec: 'UUID=5555-6666' }
  expect(removeEntry(debian, target)).toBe(debian.split('\n').slice(0, 3).join('\n') + '\n')
  expect(removeEntry(debian, { ...target, spec: 'UUID=other' })).toBe(debian)
})

test('twice is once, for any table', () => {
  const spec = fc.constantFrom('/dev/a', 'UUID=1', 'server:/x')
  const mountpoint = fc.constantFrom('/', '/vz', '/a b', 'none')
  const type = fc.constantFrom('ext4', 'swap')
  const options = fc.subarray(['noauto', 'ro', 'x=y'], { minLength: 1 })
  const entry = fc.record({ spec, mountpoint, type, options, dump: fc.nat(1), pass: fc.nat(2) })
  const field = (text: string) => text.replaceAll(' ', '\\040')
  const row = fc
    .tuple(
      fc.constantFrom('', ' ', '#'),
      spec,
      mountpoint,
      type,
      fc.constantFrom('', ' defaults', '\tro 0', ' ro 1 2 '),
    )
    .map(([start, one, point, kind, rest]) => `${start}${one}\t${field(point)} ${kind}${rest}`)
  const table = fc.uniqueArray(fc.oneof(row, fc.constantFrom('', '# x', 'broken')), {
    selector: (line) => line.split(/\s/).find((word) => /^(\/(vz|a\\040b)?|none)$/.test(word)) ?? line,
  })
  fc.assert(
    fc.property(table, entry, (rows, want) => {
      const once = setEntry(rows.join('\n'), path, want)
      expect(setEntry(once, path, want)).toBe(once)
      expect(removeEntry(once, { path, mountpoint: want.mountpoint, spec: want.spec })).not.toBe(once)
    }),
  )
})
