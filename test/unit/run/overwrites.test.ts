import { describe, expect, test } from 'vitest'
import type { Overwrite } from '../../../src/operations/overwrite.ts'
import { createOverwrites } from '../../../src/run/overwrites.ts'
import { refusedOverwrites } from '../../../src/run/refused_overwrites.ts'

const CONSENT = { device: '/dev/sdb', from: '--destroy server1:/dev/sdb' }
const overwrite = (fields: Partial<Overwrite> = {}): Overwrite => ({
  device: '/dev/sdb',
  identity: 'serial A1',
  verdict: 'free',
  reason: '',
  holds: ['/dev/sdb, 1 GiB, serial A1'],
  ...fields,
})
const consented = overwrite({
  verdict: 'consented',
  reason: '/dev/sdb of server1 is not blank',
  consent: CONSENT,
})
const unconsented = overwrite({
  verdict: 'unconsented',
  reason: '/dev/sdb of server1 is not blank',
  holds: ['/dev/sdb, 1 GiB, serial A1', 'ext4 "data"'],
})
const forbidden = overwrite({
  device: '/dev/sdc',
  verdict: 'forbidden',
  reason: '/dev/sdc of server2 is in use',
  holds: ['/dev/sdc, 2 GiB', 'mounted on /srv'],
  remedy: 'Unmount it.',
})

describe('before a device is written to', () => {
  test('it must be the one that was looked at', () => {
    const overwrites = createOverwrites('server1', [CONSENT])
    overwrites.inspected(overwrite())
    expect(() => overwrites.check([overwrite()])).not.toThrow()
    expect(() => overwrites.check([overwrite({ identity: 'serial B2' })])).toThrow(
      expect.objectContaining({ code: 'CHANGED_MEANWHILE' }) as Error,
    )
    expect(() =>
      overwrites.check([overwrite({ identity: 'serial B2', verdict: 'consented', consent: CONSENT })]),
    ).toThrow(expect.objectContaining({ code: 'CHANGED_MEANWHILE' }) as Error)
  })

  test('what is destroyed must have been shown; what is blank need not', () => {
    const overwrites = createOverwrites('server1', [CONSENT])
    expect(() => overwrites.check([consented])).toThrow(
      expect.objectContaining({ code: 'ROLE_INVALID' }) as Error,
    )
    expect(() => overwrites.check([overwrite()])).not.toThrow()
  })

  test('a refusal is one, though it was not looked at before', () => {
    const overwrites = createOverwrites('server1', [])
    expect(() => overwrites.check([unconsented])).toThrow(
      expect.objectContaining({ code: 'DESTROY_NEEDS_CONSENT' }) as Error,
    )
    expect(() => overwrites.check([forbidden])).toThrow(expect.objectContaining({ code: 'REFUSED' }) as Error)
  })
})

test('a consent is used where something needed it, and only there', () => {
  const other = { device: '/dev/sdc', from: 'hosts.yml:7' }
  const overwrites = createOverwrites('server1', [CONSENT, other])
  overwrites.inspected(overwrite())
  expect(overwrites.unused).toEqual([CONSENT, other])
  overwrites.inspected(consented)
  expect(overwrites.unused).toEqual([other])
})

describe('the error', () => {
  const told = (...all: readonly (readonly [string, Overwrite])[]) =>
    refusedOverwrites(
      all.map(([host, one]) => ({ host, overwrite: one })),
      'nothing was changed in "p"',
    )

  test('is none where all may be written to', () => {
    expect(told(['server1', overwrite()], ['server1', consented])).toBeUndefined()
  })

  test('tells one device, and what to add', () => {
    expect(told(['server1', unconsented])).toMatchObject({
      code: 'DESTROY_NEEDS_CONSENT',
      message: '/dev/sdb of server1 is not blank; nothing was changed in "p"',
      details: { seen: 'server1: /dev/sdb, 1 GiB, serial A1\n  ext4 "data"' },
    })
  })

  test('tells all at once, each once, with those that no consent helps', () => {
    const error = told(['server1', unconsented], ['server1', unconsented], ['server2', forbidden])
    expect(`${error?.code}: ${error?.message}\n${error?.details.seen}\n${error?.details.remedy}`)
      .toMatchInlineSnapshot(`
      "DESTROY_NEEDS_CONSENT: 2 devices must not be written to as they are; nothing was changed in "p"
      server1: /dev/sdb, 1 GiB, serial A1
        ext4 "data"
        /dev/sdb of server1 is not blank
      server2: /dev/sdc, 2 GiB
        mounted on /srv
        /dev/sdc of server2 is in use
      server2, /dev/sdc: Unmount it.
      Where all of that may be lost, say so for each device, on the command line:
        --destroy server1:/dev/sdb
      or in the inventory, below each host, and take it out again when it is done:
        server1: { destroy: [/dev/sdb] }"
    `)
  })

  test('asks for no consent where none helps', () => {
    expect(told(['server2', forbidden])).toMatchObject({
      code: 'REFUSED',
      details: { remedy: 'server2, /dev/sdc: Unmount it.' },
    })
  })
})
