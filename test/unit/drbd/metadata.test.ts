import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideMetadata } from '../../../src/drbd/metadata.ts'
import type { DeviceFacts, MetadataQuestion } from '../../../src/drbd/metadata.ts'
import { decideMkfs } from '../../../src/drbd/mkfs.ts'
import type { MkfsQuestion } from '../../../src/drbd/mkfs.ts'
import type { Metadata } from '../../../src/drbd/status/generation.ts'

const signature = (type: string) => ({ type, label: undefined, uuid: undefined, version: undefined })
const content = (...types: string[]) => ({ signatures: types.map(signature), unreadable: undefined })
const NONE: Metadata = { kind: 'none' }
const fresh = (nodeId?: number, format = 'v09'): Metadata => ({ kind: 'just-created', nodeId, format })
const data = (nodeId?: number, format = 'v09'): Metadata => ({
  kind: 'data',
  nodeId,
  format,
  generation: { current: 'AAAA00000000000A', bitmap: [], history: [] },
})
const BLANK: DeviceFacts = {
  mounts: [],
  swap: false,
  holders: [],
  content: content(),
  otherData: false,
  metadata: NONE,
  attached: false,
  slots: undefined,
  partitions: [],
}
const CONSENT = new Set(['server1:/dev/sdb'])
const decide = (facts: Partial<DeviceFacts> = {}, fields: Partial<MetadataQuestion> = {}) =>
  decideMetadata({
    host: 'server1',
    device: '/dev/sdb',
    driver: '9',
    nodeId: 0,
    maxPeers: 1,
    facts: { ...BLANK, ...facts },
    consent: new Set(),
    ...fields,
  })

test('a blank disk', () => {
  expect(decide()).toEqual({ kind: 'make', wipe: false })
})

describe('kept, consent or not', () => {
  test.each<[string, Partial<DeviceFacts>]>([
    ['fresh', { metadata: fresh(), content: content('drbd') }],
    ['fresh, once up', { metadata: fresh(0), content: content('drbd') }],
    [
      'data, and the file system of the DRBD device below',
      { metadata: data(0), content: content('drbd', 'ext4') },
    ],
    ['attached', { attached: true, metadata: { kind: 'unknown', said: 'is configured!' } }],
  ])('%s', (_what, facts) => {
    expect(decide(facts).kind).toBe('keep')
    expect(decide(facts, { consent: CONSENT }).kind).toBe('keep')
  })
})

describe('only with consent', () => {
  test.each<[string, Partial<DeviceFacts>, string, string]>([
    ['a file system', { content: content('ext4') }, '/dev/sdb of server1 is not blank', 'ext4'],
    [
      'a partition table',
      { content: content('gpt', 'PMBR') },
      '/dev/sdb of server1 is not blank',
      'gpt, PMBR',
    ],
    [
      'bytes of an unknown kind',
      { otherData: true },
      '/dev/sdb of server1 is not blank',
      'data of a kind that is not known',
    ],
    [
      'metadata of another node id',
      { metadata: data(5), content: content('drbd') },
      '/dev/sdb of server1 has DRBD metadata of another node, resource or format',
      'drbd',
    ],
    [
      'metadata of 8.4, which dump-md of 9 does not see',
      { content: content('drbd') },
      '/dev/sdb of server1 has DRBD metadata of another node, resource or format',
      'drbd',
    ],
    [
      'metadata in the format of 8.4',
      { metadata: data(undefined, 'v08'), content: content('drbd') },
      '/dev/sdb of server1 has DRBD metadata of another node, resource or format',
      'drbd',
    ],
  ])('%s', (_what, facts, reason, lives) => {
    expect(decide(facts)).toEqual({ kind: 'refused', reason, lives, add: '--destroy server1:/dev/sdb' })
    expect(decide(facts, { consent: CONSENT })).toEqual({ kind: 'make', wipe: true })
    for (const other of ['server2:/dev/sdb', 'server1:/dev/sdc', 'server1:/dev/sd', '/dev/sdb', '*']) {
      expect(decide(facts, { consent: new Set([other]) }).kind).toBe('refused')
    }
  })
})

test('metadata of this very node and volume that are known to be of other data: only with consent', () => {
  const found = { metadata: data(0), content: content('drbd') }
  expect(decide(found, { isForeign: true })).toMatchObject({
    kind: 'refused',
    reason: '/dev/sdb of server1 has DRBD metadata of another node, resource or format',
    add: '--destroy server1:/dev/sdb',
  })
  expect(decide(found, { isForeign: true, consent: CONSENT })).toEqual({ kind: 'make', wipe: true })
  // Whatever is known: what is in use stays.
  expect(decide({ ...found, attached: true }, { isForeign: true, consent: CONSENT }).kind).toBe('keep')
  expect(decide({ ...found, mounts: ['/srv'] }, { isForeign: true, consent: CONSENT }).kind).toBe('refused')
  expect(decide({}, { isForeign: true })).toEqual({ kind: 'make', wipe: false })
  // What was made in their place is kept, as soon as it is there.
  expect(decide({ ...found, metadata: fresh() }, { isForeign: true, consent: CONSENT }).kind).toBe('keep')
})

describe('no consent helps', () => {
  test.each<[string, Partial<DeviceFacts>, string, string]>([
    [
      'mounted',
      { mounts: ['/vz'], content: content('ext4') },
      '/dev/sdb of server1 is in use',
      'mounted on /vz; ext4',
    ],
    ['swap', { swap: true }, '/dev/sdb of server1 is in use', 'swap in use'],
    [
      'held',
      { holders: ['dm-0'], content: content('LVM2_member') },
      '/dev/sdb of server1 is in use',
      'held by dm-0; LVM2_member',
    ],
    [
      'not to be read',
      { content: { signatures: [], unreadable: 'exit 4: error' } },
      'what is on /dev/sdb of server1 could not be told (exit 4: error)',
      '',
    ],
    [
      'unclean metadata',
      { metadata: { kind: 'unknown', said: 'apply-al first' } },
      'the DRBD metadata on /dev/sdb of server1 could not be told (apply-al first)',
      '',
    ],
  ])('%s', (_what, facts, reason, lives) => {
    expect(decide(facts, { consent: CONSENT })).toEqual({
      kind: 'refused',
      reason,
      lives,
      add: undefined,
      remedy: expect.any(String),
    })
  })
})

const anyFacts = fc.record({
  mounts: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.constant(['/srv']) },
  ),
  swap: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  holders: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.constant(['md0']) },
  ),
  content: fc.oneof(
    fc.constant(content()),
    fc.constant({ signatures: [], unreadable: 'exit 4' }),
    fc.subarray(['drbd', 'ext4', 'LVM2_member', 'swap']).map((types) => content(...types)),
  ),
  otherData: fc.boolean(),
  metadata: fc.constantFrom<Metadata>(NONE, fresh(), fresh(0), data(0), data(3), data(undefined, 'v08'), {
    kind: 'unknown',
    said: 'odd',
  }),
  attached: fc.oneof(
    { weight: 4, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
})

test('create-md only where nothing is, or where consent names the place; never twice', () => {
  const kinds = new Set<string>()
  fc.assert(
    fc.property(
      anyFacts,
      fc.boolean(),
      fc.constantFrom('8.4' as const, '9' as const),
      (facts, consented, driver) => {
        const fields = { driver, consent: consented ? CONSENT : new Set<string>() }
        const decision = decide(facts, fields)
        kinds.add(decision.kind === 'make' ? `make ${decision.wipe}` : decision.kind)
        if (decision.kind !== 'make') return
        const inUse = facts.mounts.length > 0 || facts.swap || facts.holders.length > 0 || facts.attached
        const blank =
          facts.content.signatures.length === 0 && !facts.otherData && facts.metadata.kind === 'none'
        expect(inUse).toBe(false)
        expect(facts.content.unreadable).toBeUndefined()
        expect(facts.metadata.kind).not.toBe('unknown')
        expect(blank || consented).toBe(true)
        expect(decision.wipe).toBe(!blank)
        // What was made is kept by the next run, though its consent still stands.
        const made = fresh(undefined, driver === '9' ? 'v09' : 'v08')
        const after = { ...BLANK, metadata: made, content: content('drbd') }
        expect(decide(after, fields).kind).toBe('keep')
      },
    ),
    { numRuns: 3000 },
  )
  expect([...kinds].toSorted()).toEqual(['keep', 'make false', 'make true', 'refused'])
})

test('one more thing on a blank disk flips it', () => {
  const more: Partial<DeviceFacts>[] = [
    { mounts: ['/srv'] },
    { swap: true },
    { holders: ['dm-0'] },
    { content: content('ext4') },
    { content: { signatures: [], unreadable: 'exit 4' } },
    { otherData: true },
    { metadata: fresh() },
    { metadata: { kind: 'unknown', said: 'odd' } },
    { attached: true },
  ]
  for (const facts of more) expect(decide(facts).kind).not.toBe('make')
})

const FS: MkfsQuestion = {
  device: '/dev/drbd0',
  wanted: 'ext4',
  content: content(),
  otherData: false,
  uses: [],
  partitions: [],
  consented: false,
  notHere: undefined,
}

test('mkfs only where nothing is, or where consent was given; never where it is there already, or in use', () => {
  const kinds = new Set<string>()
  fc.assert(
    fc.property(
      fc.record({
        wanted: fc.constantFrom('ext4', 'xfs'),
        content: fc.oneof(
          fc.subarray(['ext4', 'xfs', 'gpt', 'LVM2_member']).map((types) => content(...types)),
          fc.constant({ signatures: [], unreadable: 'exit 4' }),
        ),
        otherData: fc.boolean(),
        uses: fc.constantFrom<string[]>([], [], ['mounted on /srv']),
        partitions: fc.constantFrom<string[]>([], [], ['/dev/sdb1']),
        consented: fc.boolean(),
        notHere: fc.option(fc.constant('it is diskless on this node'), { nil: undefined }),
      }),
      (fields) => {
        const question = { ...FS, ...fields }
        const decision = decideMkfs(question)
        kinds.add(decision.kind === 'make' ? `make ${decision.wipe}` : decision.kind)
        const { signatures, unreadable } = question.content
        const isThere = signatures.length === 1 && signatures[0]?.type === question.wanted
        expect(decision.kind === 'keep').toBe(isThere && unreadable === undefined)
        if (decision.kind !== 'make') return
        const blank = signatures.length === 0 && question.partitions.length === 0 && !question.otherData
        expect(unreadable).toBeUndefined()
        expect(question.uses).toEqual([])
        expect(question.notHere).toBeUndefined()
        expect(blank || question.consented).toBe(true)
        expect(decision.wipe).toBe(!blank)
      },
    ),
    { numRuns: 3000 },
  )
  expect([...kinds].toSorted()).toEqual(['keep', 'make false', 'make true', 'refused'])
})

test('mkfs says what is there, and where nobody may write', () => {
  const says = (fields: Partial<MkfsQuestion>) => decideMkfs({ ...FS, ...fields })
  expect(says({ wanted: 'xfs', content: content('ext4') })).toEqual({
    kind: 'refused',
    reason: '/dev/drbd0 holds ext4, not xfs',
    remedy: undefined,
  })
  expect(says({ notHere: 'it is diskless on this node', consented: true })).toMatchObject({
    reason: '/dev/drbd0 cannot be written to here: it is diskless on this node',
  })
  expect(says({ otherData: true })).toMatchObject({
    reason: '/dev/drbd0 holds data of a kind that is not known, not ext4',
  })
})
