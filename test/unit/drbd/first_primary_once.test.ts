import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstPrimary } from '../../../src/drbd/first_primary.ts'
import { declared } from './declared.ts'
import { FRESH_NODE, question } from './world.ts'
import type { ModelNode } from './world.ts'

const pair = declared()
const UP_TO_DATE: ModelNode = { ...FRESH_NODE, disk: 'UpToDate', metadata: 'data' }
const SOURCE: ModelNode = { ...UP_TO_DATE, role: 'Primary', replication: 'SyncSource' }
const TARGET: ModelNode = { ...FRESH_NODE, replication: 'SyncTarget' }
const AWAY: ModelNode = { ...FRESH_NODE, reached: false }
const done = (world: ModelNode[], wanted?: string) => firstPrimary(question(pair, world, wanted))

describe('once there is data, nothing is left to do', () => {
  test.each<[string, ModelNode[]]>([
    ['forced a moment ago', [{ ...UP_TO_DATE, role: 'Primary' }, { ...FRESH_NODE }]],
    ['the first sync runs', [SOURCE, TARGET]],
    ['demoted again while it runs', [{ ...SOURCE, role: 'Secondary' }, TARGET]],
    ['its target has the new generation already', [SOURCE, { ...TARGET, metadata: 'data' }]],
    ['its target died', [{ ...UP_TO_DATE, connection: 'Connecting' }, AWAY]],
    ['skipped: all are UpToDate', [UP_TO_DATE, UP_TO_DATE]],
    ['after a reboot of both', [UP_TO_DATE, UP_TO_DATE]],
    [
      'the second node was rebuilt',
      [
        { ...UP_TO_DATE, connection: 'Connecting' },
        { ...FRESH_NODE, connection: 'Connecting' },
      ],
    ],
    [
      'the first node was rebuilt',
      [
        { ...FRESH_NODE, connection: 'Connecting' },
        { ...UP_TO_DATE, connection: 'Connecting' },
      ],
    ],
  ])('%s', (_what, world) => {
    for (const wanted of ['server1', 'server2']) expect(done(world, wanted).kind).toBe('none')
  })
})

describe('what stands between is for people to say', () => {
  test.each<[string, ModelNode[], RegExp]>([
    [
      'a rebuilt node, and the one with the data is away',
      [{ ...FRESH_NODE, connection: 'Connecting' }, AWAY],
      /could not be reached/,
    ],
    [
      'a rebuilt node that sees data',
      [
        { ...FRESH_NODE, connection: 'Connecting' },
        { ...UP_TO_DATE, disk: 'Outdated' },
      ],
      /holds data of generation AAAA/,
    ],
    [
      'the source died in the first sync',
      [AWAY, { ...TARGET, connection: 'Connecting', metadata: 'data' }],
      /holds data/,
    ],
    [
      'a lost disk',
      [{ ...FRESH_NODE, disk: 'Diskless', metadata: 'unknown' }, FRESH_NODE],
      /Diskless, not Inconsistent/,
    ],
    [
      'a split brain',
      [
        { ...UP_TO_DATE, connection: 'StandAlone' },
        { ...UP_TO_DATE, connection: 'Connecting', metadata: 'other data' },
      ],
      /StandAlone towards server2, and both hold data/,
    ],
  ])('%s', (_what, world, fact) => {
    expect(done(world)).toMatchObject({ kind: 'refused', fact: expect.stringMatching(fact) as string })
  })
})

test('a new volume of a resource with data is no first start', () => {
  const two = declared({
    volumes: [0, 1].map((volume) => ({
      volume,
      minor: volume,
      disks: { server1: `/dev/v${volume}`, server2: `/dev/v${volume}` },
    })),
  })
  const asked = question(two, [UP_TO_DATE, UP_TO_DATE])
  const reports = asked.reports.map((report) => ({
    ...report,
    disks: report.disks.map((disk) =>
      disk.volume === 1
        ? { ...disk, metadata: { kind: 'just-created', nodeId: 0, format: 'v09' } as const }
        : disk,
    ),
    resource: report.resource && {
      ...report.resource,
      volumes: report.resource.volumes.map((one) =>
        one.volume === 1 ? { ...one, disk: 'Inconsistent' } : one,
      ),
    },
  }))
  expect(firstPrimary({ ...asked, reports })).toMatchObject({
    kind: 'refused',
    fact: expect.stringMatching(/holds data/) as string,
  })
})

/** What can happen to the nodes of a running resource, to one of them at a time, or to the link between them. */
const EVENTS: Record<string, (world: ModelNode[], at: number) => void> = {
  'node away': (world, at) => set(world, at, { reached: false }),
  'node back': (world, at) => set(world, at, { reached: true, role: 'Secondary' }),
  'link lost': (world) =>
    world.forEach((_, at) => set(world, at, { connection: 'Connecting', replication: 'Off' })),
  'link back': (world) =>
    world.forEach((_, at) => set(world, at, { connection: 'Connected', replication: 'Established' })),
  'stand alone': (world, at) => set(world, at, { connection: 'StandAlone', replication: 'Off' }),
  promoted: (world, at) => set(world, at, { role: 'Primary' }),
  demoted: (world, at) => set(world, at, { role: 'Secondary' }),
  outdated: (world, at) => world[at]?.disk === 'UpToDate' && set(world, at, { disk: 'Outdated' }),
  'sync begins': (world, at) => set(world, at, { replication: 'SyncTarget', disk: 'Inconsistent' }),
  'sync ends': (world) =>
    world.forEach((_, at) =>
      set(world, at, { replication: 'Established', disk: 'UpToDate', metadata: 'data' }),
    ),
  'disk fails': (world, at) => set(world, at, { disk: 'Diskless', metadata: 'unknown' }),
  // A new disk with fresh metadata; a people's or a run's doing, while the other node still has the data.
  'disk replaced': (world, at) => {
    const others = world.filter((_, other) => other !== at)
    if (others.some(({ metadata }) => metadata === 'data')) {
      set(world, at, { disk: 'Inconsistent', metadata: 'just-created', role: 'Secondary' })
    }
  },
}

function set(world: ModelNode[], at: number, fields: Partial<ModelNode>): void {
  const node = world[at]
  if (node !== undefined) world[at] = { ...node, ...fields }
}

test('never a second time, whatever happens after the first, in any order', () => {
  const event = fc.tuple(fc.constantFrom(...Object.keys(EVENTS)), fc.constantFrom(0, 1))
  fc.assert(
    fc.property(
      fc.constantFrom('full-sync' as const, 'skip-sync' as const),
      fc.constantFrom(0, 1),
      fc.array(event, { maxLength: 20 }),
      (how, chosen, events) => {
        const world: ModelNode[] = [{ ...FRESH_NODE }, { ...FRESH_NODE }]
        const names = ['server1', 'server2']
        expect(firstPrimary(question(pair, world, names[chosen], how))).toEqual({
          kind: 'force',
          on: names[chosen],
          how,
        })
        if (how === 'full-sync') {
          world[chosen] = { ...SOURCE }
          world[1 - chosen] = { ...TARGET }
        } else {
          world.fill({ ...UP_TO_DATE })
        }
        // The controller may have died with the command's answer; the next run only sees what is.
        for (const wanted of names) expect(firstPrimary(question(pair, world, wanted, how)).kind).toBe('none')
        for (const [name, at] of events) {
          EVENTS[name]?.(world, at)
          for (const wanted of names) {
            expect(firstPrimary(question(pair, world, wanted, how)).kind, name).not.toBe('force')
          }
        }
      },
    ),
    { numRuns: 1500 },
  )
})
