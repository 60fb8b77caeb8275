import { expect, test } from 'vitest'
import { metadataOf, parseDumpMd } from '../../../../src/drbd/status/generation.ts'
import { parseGi } from '../../../../src/drbd/status/generation_tuple.ts'
import { parseSuperblock } from '../../../../src/drbd/status/superblock.ts'

const said = (stdout: string, exitCode = 0, stderr = '') => ({ stdout, exitCode, stderr })
const ZERO = '0x0000000000000000'
const DATA = '0x1BF6362B1D8A5D0A'

// The shapes of drbdmeta 9.22.0 on a disk of 64 MiB, shortened by peers and history.
const v09 = (current: string, bitmap = ZERO, history = ZERO, nodeId = -1) => `# DRBD meta data dump
# drbdmeta 99 v09 /dev/sdb internal dump-md
#

version "v09";

max-peers 1;
# md_size_sect 80

node-id ${nodeId};
current-uuid ${current};
flags 0x00000080;
peer[0] {
    bitmap-index -1;
    bitmap-uuid ${bitmap};
    bitmap-dagtag 0x0000000000000000;
    flags 0x00000000;
}
history-uuids {
        ${ZERO}; ${history}; ${ZERO}; ${ZERO};
}
la-size-sect 0;
device-uuid ${DATA};
`
const v08 = (current: string, bitmap = ZERO, history = ZERO) => `# DRBD meta data dump
version "v08";

# md_size_sect 80

uuid {
    ${current}; ${bitmap}; ${history}; ${ZERO};
    flags 0x00000081;
}
# al-extents 257;
device-uuid ${DATA};
`
const FRESH = '0x0000000000000004'

test.each([
  ['v09', v09(FRESH), { kind: 'just-created', nodeId: undefined, format: 'v09' }],
  ['v09, once up', v09(FRESH, ZERO, ZERO, 1), { kind: 'just-created', nodeId: 1, format: 'v09' }],
  ['v08', v08(FRESH), { kind: 'just-created', nodeId: undefined, format: 'v08' }],
])('fresh: %s', (_what, text, metadata) => {
  expect(parseDumpMd(said(text))).toEqual(metadata)
})

test.each([
  ['v09', v09(DATA, '0xAA00000000000000', '0xBB00000000000000', 0), 'v09', 0],
  ['v08', v08(DATA, '0xAA00000000000000', '0xBB00000000000000'), 'v08', undefined],
])('data: %s', (_what, text, format, nodeId) => {
  expect(parseDumpMd(said(text))).toEqual({
    kind: 'data',
    format,
    nodeId,
    generation: { current: '1BF6362B1D8A5D0A', bitmap: ['AA00000000000000'], history: ['BB00000000000000'] },
  })
})

test.each([
  ['a primary since its creation', v09('0x0000000000000005')],
  ['fresh, with a bitmap', v09(FRESH, DATA)],
  ['fresh, with a history', v08(FRESH, ZERO, DATA)],
  ['no UUID at all', v09(ZERO)],
])('anything but just created is data: %s', (_what, text) => {
  expect(parseDumpMd(said(text)).kind).toBe('data')
})

test.each([
  ['9.22', said('', 1, 'No valid meta data found\n')],
  ['9.34', said('No valid meta data found\n', 255)],
])('none: %s', (_what, nothing) => {
  expect(parseDumpMd(nothing)).toEqual({ kind: 'none' })
})

test.each([
  ['unclean', said('', 255, 'Found meta data is "unclean", please apply-al first\n')],
  ['in use', said('', 20, "Device '0' is configured!\n")],
  ['silence', said('')],
  ['silence with an error', said('', 1)],
  ['cut off', said(v09(FRESH).replace(/current-uuid.*/, ''))],
  ['not hexadecimal', said(v08('0xZZZZ'))],
])('never taken for none: %s', (_what, odd) => {
  expect(parseDumpMd(odd).kind).toBe('unknown')
})

test('data whose dump is cut off anywhere are never taken for fresh or none', () => {
  for (const whole of [v09(FRESH, ZERO, DATA), v09(FRESH, DATA), v08(FRESH, ZERO, DATA), v08(FRESH, DATA)]) {
    for (let length = 0; length <= whole.length; length++) {
      expect(['data', 'unknown']).toContain(parseDumpMd(said(whole.slice(0, length))).kind)
    }
  }
})

test.each([
  ['v09, primary', v09(DATA).replace('flags 0x00000080', 'flags 0x00000013')],
  ['v09, a primary that crashed', v09(DATA).replace('flags 0x00000080', 'flags 0x00000051')],
  ['v08, primary', v08(DATA).replace('flags 0x00000081', 'flags 0x00000013')],
])('in use when it went down: %s', (_what, text) => {
  expect(parseDumpMd(said(text))).toMatchObject({ generation: { wasPrimary: true } })
  expect(parseDumpMd(said(text.replace(/flags 0x000000\d\d/, 'flags 0x00000011')))).not.toHaveProperty(
    'generation.wasPrimary',
  )
})

test.each([
  ['8.4, primary', '1:1:1:0:0:0:0', true],
  ['8.4, a primary that crashed', '1:1:0:0:0:0:1', true],
  ['8.4, its peer outdated', '1:1:0:1:0:1:0', false],
  ['9, primary', '1:1:1:0:1:0:0:1:0:0:0', true],
  ['9, a primary that crashed', '1:1:0:1:1:0:1:0:0:0', true],
  ['9, connected', '1:1:0:0:1:0:1:0:0:0', false],
])('in use when it went down, by the flags of get-gi: %s', (_what, flags, was) => {
  const ids = `${DATA.slice(2)}:0000000000000000:0000000000000000:0000000000000000`
  const read = parseGi(said(`${ids}:${flags}\n`))
  expect(read.kind === 'data' && read.generation.wasPrimary === true).toBe(was)
})

// The drawing of drbdmeta 9.22.0.
const drawing = (tuple: string) => `
       +--<  Current data generation UUID  >-
       |               +--<  Bitmap's base data generation UUID  >-
       V               V                 V         V
${tuple}
                                                                    ^ ^ ^ ^ ^ ^ ^
flags: Secondary, StandAlone, Inconsistent
`
const tuple = (current: string, rest = '0000000000000000:0000000000000000:0000000000000000') =>
  `${current}:${rest}:0:0:0:0:0:0:0`

test('the tuple of get-gi and show-gi', () => {
  expect(parseGi(said(`${tuple('0000000000000004')}\n`)).kind).toBe('just-created')
  expect(parseGi(said(drawing(tuple('0000000000000004')))).kind).toBe('just-created')
  expect(
    parseGi(said(drawing(tuple('1BF6362B1D8A5D0A', '00000000000000AA:00000000000000BB:0000000000000000')))),
  ).toEqual({
    kind: 'data',
    format: undefined,
    nodeId: undefined,
    generation: { current: '1BF6362B1D8A5D0A', bitmap: ['00000000000000AA'], history: ['00000000000000BB'] },
  })
})

test('one line for each peer', () => {
  const fresh = tuple('0000000000000004')
  expect(parseGi(said(`${fresh}\n${fresh}\n`)).kind).toBe('just-created')
  const late = tuple('0000000000000004', '00000000000000AA:0000000000000000:0000000000000000')
  expect(parseGi(said(`${fresh}\n${late}\n`)).kind).toBe('data')
  expect(parseGi(said(`${fresh}\n${tuple('00000000000000CC')}\n`)).kind).toBe('unknown')
})

test.each([said(''), said(tuple('0000000000000004'), 10), said('', 10, 'needs --node-id')])(
  'no tuple: %j',
  (odd) => {
    expect(parseGi(odd).kind).toBe('unknown')
  },
)

// Written by hand after the keys that scripts of drbd-utils read; not taken from a run.
const block = (fields: object = {}) =>
  JSON.stringify({
    '#meta': { valid: 'VALID_MD_FOUND' },
    bm_max_peers: 1,
    node_id: -1,
    current_uuid: FRESH,
    flags: '0x00000080',
    peers: [{ bitmap_uuid: ZERO }],
    history_uuids: [ZERO, ZERO],
    ...fields,
  })

test.each([
  ['fresh', said(block()), 'just-created'],
  ['data', said(block({ current_uuid: DATA, node_id: 0 })), 'data'],
  ['a bitmap', said(block({ peers: [{ bitmap_uuid: DATA }] })), 'data'],
  ['a history', said(block({ history_uuids: [ZERO, DATA] })), 'data'],
  ['nothing there', said('', 255, 'No valid meta data found\n'), 'none'],
  [
    'found elsewhere',
    said(block({ '#meta': { valid: 'VALID_MD_FOUND_AT_LAST_KNOWN_LOCATION' } })),
    'unknown',
  ],
  ['without history', said(block({ history_uuids: undefined })), 'unknown'],
  ['no JSON', said('dump-superblock: unknown command'), 'unknown'],
])('superblock: %s', (_what, text, kind) => {
  expect(parseSuperblock(text).kind).toBe(kind)
})

test('what is no UUID is not understood', () => {
  expect(metadataOf({ current: '', bitmap: [], history: [] }, undefined, undefined)).toEqual({
    kind: 'unknown',
    said: '"" is no UUID',
  })
})
