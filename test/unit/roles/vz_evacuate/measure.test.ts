import { describe, expect, test } from 'vitest'
import { noPlace } from '../../../../roles/vz_evacuate/measure.ts'
import type { Measured } from '../../../../roles/vz_evacuate/measure.ts'

const GIB = 1024 * 1024

const measured = (place: Partial<Measured['place']> = {}, rest: Partial<Measured> = {}): Measured => ({
  used: 10 * GIB,
  files: 1000,
  whole: 20 * GIB,
  place: {
    type: 'ext4',
    isSource: false,
    free: 11 * GIB,
    freeInodes: 5000,
    there: 0,
    filesThere: 0,
    exists: false,
    ...place,
  },
  ...rest,
})

describe('the place of the copy', () => {
  test.each<[string, Measured, boolean]>([
    ['there is room', measured(), false],
    ['inodes are made as needed', measured({ type: 'btrfs', freeInodes: undefined }), false],
    ['an empty folder', measured({ exists: true }), false],
    [
      'most of it is there already',
      measured({ exists: true, there: 9 * GIB, filesThere: 900, free: 2 * GIB }),
      true,
    ],
  ])('%s', (_, now, begun) => expect(noPlace(now, '/srv/copy', begun)).toBeUndefined())

  test.each<[string, Measured, string]>([
    ['full', measured({ free: 10 * GIB }), '/srv/copy has not enough room for /vz'],
    ['no inodes', measured({ freeInodes: 1000 }), '/srv/copy has not enough inodes for /vz'],
    ['in memory', measured({ type: 'tmpfs' }), '/srv/copy is no place for the only copy of /vz'],
    ['over the network', measured({ type: 'nfs4' }), '/srv/copy is no place for the only copy of /vz'],
    ['on the same disk', measured({ isSource: true }), '/srv/copy is no place for the only copy of /vz'],
    [
      'somebody else’s',
      measured({ exists: true, filesThere: 3 }),
      '/srv/copy is there already, and is not of this evacuation',
    ],
    [
      'would not fit back',
      measured({ free: 90 * GIB }, { used: 19.9 * GIB }),
      '/vz is too full to come back',
    ],
  ])('%s', (_, now, message) => {
    const problem = noPlace(now, '/srv/copy', false)
    expect(problem).toMatchObject({ code: 'REFUSED', message })
    expect(problem?.details.remedy).toMatch(/^Nothing was stopped or changed/)
  })
})
