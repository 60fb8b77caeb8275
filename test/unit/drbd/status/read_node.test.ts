import { expect, test } from 'vitest'
import { firstPrimary } from '../../../../src/drbd/first_primary.ts'
import { readNode } from '../../../../src/drbd/status/read_node.ts'
import type { NodeAnswers } from '../../../../src/drbd/status/read_node.ts'
import { declared } from '../declared.ts'

const said = (stdout: string, exitCode = 0) => ({ stdout, exitCode, stderr: '' })
const GI = said('0000000000000004:0000000000000000:0000000000000000:0000000000000000:0:0:0:0:0:0:0\n')
const NO_MD = said('No valid meta data found\n', 1)
const DRBD = { blkid: said('VERSION=v09\nTYPE=drbd\n'), wipefs: said('0x3fff03c,,,drbd\n') }
const disk = (fields: object = {}) => ({ volume: 0, gi: GI, dumpMd: undefined, ...DRBD, ...fields })

// Written by hand after the formats of the module and the tools; not taken from running nodes.
const fresh9 = (peer: string): NodeAnswers => ({
  procDrbd: 'version: 9.2.16 (api:2/proto:86-122)\nTransports (api:21): tcp (9.2.16)\n',
  status: JSON.stringify([
    { name: 'other', role: 'Primary' },
    {
      name: 'r0',
      role: 'Secondary',
      devices: [{ volume: 0, minor: 0, 'disk-state': 'Inconsistent', quorum: true }],
      connections: [
        {
          name: peer,
          'connection-state': 'Connected',
          'peer-role': 'Secondary',
          peer_devices: [
            { volume: 0, 'replication-state': 'Established', 'peer-disk-state': 'Inconsistent' },
          ],
        },
      ],
    },
  ]),
  disks: [disk()],
})
const fresh84: NodeAnswers = {
  procDrbd: `version: 8.4.11 (api:1/proto:86-101)
 0: cs:Connected ro:Secondary/Secondary ds:Inconsistent/Inconsistent C r-----
    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:1048508
`,
  status: undefined,
  disks: [disk()],
}

test.each([
  ['9', declared(), fresh9('server2'), fresh9('server1')],
  ['8.4', declared({ driver: '8.4' }), fresh84, fresh84],
])('fresh nodes of %s, from their words to the decision', (_driver, resource, one, two) => {
  const decide = (first: NodeAnswers) =>
    firstPrimary({
      resource,
      reports: [readNode(resource, 'server1', first), readNode(resource, 'server2', two)],
      wanted: 'server2',
      how: 'skip-sync',
    })
  expect(decide(one)).toEqual({ kind: 'force', on: 'server2', how: 'skip-sync' })
  expect(decide({ ...one, disks: [disk({ gi: undefined })] })).toMatchObject({
    kind: 'refused',
    node: 'server1',
    fact: 'the metadata of volume 0 are not known: it was not asked',
  })
  expect(decide({ ...one, procDrbd: '' })).toMatchObject({
    kind: 'refused',
    fact: 'no DRBD module is loaded',
  })
})

test('a disk that is not attached is asked by dump-md', () => {
  const down = { ...fresh9('server2'), status: '[]', disks: [disk({ gi: undefined, dumpMd: NO_MD })] }
  expect(readNode(declared(), 'server1', down)).toMatchObject({
    module: '9.2.16',
    resource: undefined,
    disks: [{ volume: 0, metadata: { kind: 'none' }, content: { signatures: [{ type: 'drbd' }] } }],
  })
  const attached = { ...fresh9('server2'), disks: [disk({ dumpMd: NO_MD, blkid: undefined })] }
  expect(readNode(declared(), 'server1', attached).disks).toEqual([
    {
      volume: 0,
      metadata: { kind: 'just-created', nodeId: undefined, format: undefined },
      content: undefined,
    },
  ])
})

test('a disk that lost power is read all the same, by its identifiers', () => {
  const unclean = {
    stdout: '',
    exitCode: 255,
    stderr: 'Found meta data is "unclean", please apply-al first\n',
  }
  // As 9.22.0 prints it of v09: one line for each peer that was asked for.
  const gi = said(
    ['1BF6362B1D8A5D0A:00000000000000AA', '1BF6362B1D8A5D0A:0000000000000000']
      .map((ids) => `${ids}:00000000000000BB:0000000000000000:1:1:1:0:0:0:0:0:0:0:0\n`)
      .join(''),
  )
  const down = { procDrbd: fresh9('server2').procDrbd, status: '[]' }
  const read = (fields: object) =>
    readNode(declared(), 'server1', { ...down, disks: [disk(fields)] }).disks[0]
  expect(read({ dumpMd: unclean, gi })?.metadata).toMatchObject({
    kind: 'data',
    generation: {
      current: '1BF6362B1D8A5D0A',
      bitmap: ['00000000000000AA'],
      history: ['00000000000000BB'],
      wasPrimary: true,
    },
  })
  expect(read({ dumpMd: unclean, gi: undefined })?.metadata.kind).toBe('unknown')
  expect(read({ dumpMd: said('', 1), gi })?.metadata.kind).toBe('unknown')
})
