import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cached } from '../../scripts/lab/cache.ts'
import { local } from '../../scripts/lab/local.ts'
import { mountsBelow, unmountAll } from '../../scripts/lab/mounts.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'lab-cache-'))))
afterEach(async () => {
  await unmountAll(dir)
  rmSync(dir, { recursive: true })
})

// mmdebstrap that is killed leaves /proc, /sys and /dev/pts mounted in what it was making.
test('of a build that was cut off nothing is left, and what it had mounted is not deleted through', async () => {
  const outside = join(dir, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'file'), 'precious')
  const cache = join(dir, 'cache')
  const cutOff = join(cache, 'base-1-x')
  const point = join(cutOff, 'root/dev')
  mkdirSync(point, { recursive: true })
  await local()`mount --bind ${outside} ${point}`
  await local()`mount -t tmpfs lab-cache ${point}`

  const made = await cached(cache, 'base', 'base-1', async (into) => writeFileSync(join(into, 'new'), ''))

  expect(existsSync(join(made, 'new'))).toBe(true)
  expect(await mountsBelow(cache)).toEqual([])
  expect(existsSync(cutOff)).toBe(false)
  expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('precious')
})
