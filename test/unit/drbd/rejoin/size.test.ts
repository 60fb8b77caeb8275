import { expect, test } from 'vitest'
import { diskFor, roomFor } from '../../../../src/drbd/rejoin/size.ts'

const GIB = 2 ** 30

test('what metadata leave of a disk is what drbdmeta leaves', () => {
  // Measured: create-md of 9.34.0 on 1 GiB and 10 GiB.
  for (const [disk, slots, sectors] of [
    [GIB, 1, 136],
    [GIB, 3, 264],
    [10 * GIB, 1, 712],
    [10 * GIB, 3, 1992],
    [10 * GIB, 7, 4552],
  ] as const)
    expect(disk - roomFor(disk, slots)).toBe(sectors * 512)
  for (const size of [4096, GIB - 4096, GIB, 3 * GIB + 512])
    for (const slots of [1, 7]) {
      expect(roomFor(diskFor(size, slots), slots)).toBeGreaterThanOrEqual(size)
      expect(roomFor(diskFor(size, slots) - 8 * 512, slots)).toBeLessThan(size)
    }
})
