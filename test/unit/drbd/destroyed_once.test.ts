import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideMetadata } from '../../../src/drbd/metadata.ts'
import { decideMkfs } from '../../../src/drbd/mkfs.ts'
import type { Metadata } from '../../../src/drbd/status/generation.ts'

/**
 * A disk through its life, with a controller that dies at any moment: runs with and without consent, cut off after any
 * number of their acts, between attaching, the first primary, and what the users of the cluster write.
 */
interface Disk {
  /** Signatures of what was there before. */
  old: string[]
  /** Bytes of it, which no signature tells of. */
  debris: boolean
  metadata: 'none' | 'fresh' | 'used'
  attached: boolean
  /** After a power cut, until it is attached again. */
  unclean: boolean
  filesystem: boolean
  /** What users wrote since. */
  written: boolean
  /** How the acts were used; the point of the test. */
  made: { metadata: number; filesystem: number }
}

type Event =
  | { readonly kind: 'run'; readonly consent: boolean; readonly acts: number }
  | { readonly kind: 'attach' | 'first primary' | 'write' | 'power cut' }

const DRIVERS = ['8.4', '9'] as const
type Driver = (typeof DRIVERS)[number]

const signature = (type: string) => ({ type, label: undefined, uuid: undefined, version: undefined })

function metadataOf({ metadata, unclean }: Disk, driver: Driver): Metadata {
  if (metadata === 'none') return { kind: 'none' }
  const format = driver === '9' ? 'v09' : 'v08'
  const nodeId = driver === '9' && metadata === 'used' && !unclean ? 1 : undefined
  return metadata === 'fresh'
    ? { kind: 'just-created', nodeId, format }
    : { kind: 'data', nodeId, format, generation: { current: 'A'.repeat(16), bitmap: [], history: [] } }
}

const signaturesOf = (disk: Disk, withDrbd: boolean): string[] => [
  ...disk.old,
  ...(withDrbd && disk.metadata !== 'none' ? ['drbd'] : []),
  ...(disk.filesystem ? ['ext4'] : []),
]

/** What a run does, act by act; it decides on what it sees right before. */
function* run(disk: Disk, driver: Driver, consent: boolean): Generator<void> {
  const consents = new Set(consent ? ['server1:/dev/sdb'] : [])
  const decision = decideMetadata({
    host: 'server1',
    device: '/dev/sdb',
    driver,
    nodeId: 1,
    maxPeers: 1,
    consent: consents,
    facts: {
      mounts: [],
      swap: false,
      holders: [],
      partitions: [],
      slots: undefined,
      content: { signatures: signaturesOf(disk, true).map(signature), unreadable: undefined },
      otherData: disk.debris && signaturesOf(disk, true).length === 0,
      metadata: metadataOf(disk, driver),
      attached: disk.attached,
    },
  })
  if (decision.kind === 'refused') return
  if (decision.kind === 'make') {
    expect(disk.written).toBe(false)
    expect(disk.metadata).toBe('none')
    if (decision.wipe) {
      expect(consent).toBe(true)
      disk.old = []
      yield
      disk.debris = false
      yield
    }
    disk.metadata = 'fresh'
    disk.made.metadata += 1
    yield
  }
  if (!disk.attached || disk.metadata !== 'used') return
  const fs = decideMkfs({
    device: '/dev/drbd0',
    wanted: 'ext4',
    content: { signatures: signaturesOf(disk, false).map(signature), unreadable: undefined },
    otherData: false,
    uses: [],
    partitions: [],
    // Given for the disk below, it is none for the DRBD device.
    consented: false,
    notHere: undefined,
  })
  if (fs.kind !== 'make') return
  expect(disk.written).toBe(false)
  expect(disk.filesystem).toBe(false)
  yield
  disk.filesystem = true
  disk.made.filesystem += 1
  yield
}

function happen(disk: Disk, event: Event, driver: Driver): void {
  if (event.kind === 'run') {
    const acts = run(disk, driver, event.consent)
    for (let count = 0; count < event.acts; count += 1) if (acts.next().done === true) return
    return
  }
  if (event.kind === 'attach' && disk.metadata !== 'none') [disk.attached, disk.unclean] = [true, false]
  if (event.kind === 'first primary' && disk.attached) disk.metadata = 'used'
  if (event.kind === 'write' && disk.attached && disk.filesystem) disk.written = true
  if (event.kind === 'power cut' && disk.attached) [disk.attached, disk.unclean] = [false, true]
}

test('create-md and mkfs run once in the life of a disk, wherever a run is cut off, and whatever it may destroy', () => {
  const lives = new Set<string>()
  const anyEvent = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('run' as const), consent: fc.boolean(), acts: fc.nat(6) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constantFrom('attach', 'first primary', 'write', 'power cut') }),
    },
  ) as fc.Arbitrary<Event>
  fc.assert(
    fc.property(
      fc.constantFrom(...DRIVERS),
      fc.constantFrom<string[]>([], ['ext4'], ['LVM2_member'], ['xfs', 'gpt']),
      fc.boolean(),
      fc.array(anyEvent, { maxLength: 40 }),
      (driver, old, debris, events) => {
        const disk: Disk = {
          old,
          debris: debris || old.length > 0,
          metadata: 'none',
          attached: false,
          unclean: false,
          filesystem: false,
          written: false,
          made: { metadata: 0, filesystem: 0 },
        }
        for (const event of events) happen(disk, event, driver)
        lives.add(`${disk.made.metadata} ${disk.made.filesystem} ${disk.written}`)
        expect(disk.made.metadata).toBeLessThanOrEqual(1)
        expect(disk.made.filesystem).toBeLessThanOrEqual(1)
      },
    ),
    { numRuns: 3000 },
  )
  // All of it happened: nothing, metadata alone, both, and then data.
  expect([...lives].toSorted()).toEqual(['0 0 false', '1 0 false', '1 1 false', '1 1 true'])
})
