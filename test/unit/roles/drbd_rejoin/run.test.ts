import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Killed } from './modelled_nodes.ts'
import type { Site } from './modelled_nodes.ts'
import { PLAIN, run, siteOf } from './site.ts'
import type { Case, Disk } from './site.ts'

test.each<[string, Partial<Case>, string[]]>([
  [
    'a blank disk',
    {},
    ['server2: /etc/drbd.d/r0.res', 'server2: create-md', 'server2: drbdadm adjust r0, watched'],
  ],
  [
    'its data are good',
    { disk: 'counted' },
    ['server2: /etc/drbd.d/r0.res', 'server2: drbdadm adjust r0, watched'],
  ],
  [
    'a disk from elsewhere, and consent',
    { disk: 'other', consents: true },
    ['server2: /etc/drbd.d/r0.res', 'server2: create-md', 'server2: drbdadm adjust r0, watched'],
  ],
  [
    'good data, and a consent that was left in the inventory',
    { disk: 'counted', consents: true },
    ['server2: /etc/drbd.d/r0.res', 'server2: drbdadm adjust r0, watched'],
  ],
  [
    'the survivor gave it up, and it tries still',
    { disk: 'counted', gaveUp: 'survivor', isUp: true },
    [
      'server2: /etc/drbd.d/r0.res',
      'server2: drbdadm disconnect r0 </dev/null',
      'server1: drbdadm connect r0:server2 </dev/null',
      'server2: drbdadm adjust r0, watched',
    ],
  ],
  [
    'the same of 8.4',
    { disk: 'counted', gaveUp: 'survivor', isUp: true, nodes: 'two of 8.4' },
    [
      'server2: /etc/drbd.d/r0.res',
      'server2: drbdadm disconnect r0 </dev/null',
      'server1: drbdadm connect r0 </dev/null',
      'server2: drbdadm adjust r0, watched',
    ],
  ],
  [
    'another name and address, in 8.4',
    { isMoved: true, nodes: 'two of 8.4' },
    [
      'server4: /etc/drbd.d/r0.res',
      'server4: create-md',
      'server1: /etc/drbd.d/r0.res',
      'server1: drbdadm adjust r0 </dev/null',
      'server4: drbdadm adjust r0, watched',
    ],
  ],
  [
    'another name and address',
    { isMoved: true },
    [
      'server4: /etc/drbd.d/r0.res',
      'server4: create-md',
      'server1: /etc/drbd.d/r0.res',
      'server1: sh -c REPLACE_PEER sh r0 1',
      'server4: drbdadm adjust r0, watched',
    ],
  ],
])('%s: this is done, in this order, and nothing the next time', async (_what, fields, log) => {
  const site = siteOf({ ...PLAIN, ...fields })
  const writes = new Set(site.world.hosts[0]!.disk!.writes)
  expect(await run(site)).toBe('done')
  expect(site.log).toEqual(log)
  expect(site.world.hosts[1]).toMatchObject({ isUpToDate: true, disk: { writes } })
  expect(await run(site)).toBe('done')
  expect(site.log).toEqual(log)
})

test.each<[string, Partial<Case>, RegExp]>([
  ['a split brain', { disk: 'split', consents: true }, /holds writes that the survivors do not have/],
  ['in use when it went down, and nobody took over', { disk: 'same' }, /may hold the last writes/],
])('refused with nothing done: %s', async (_what, fields, reason) => {
  const site = siteOf({ ...PLAIN, ...fields })
  if (fields.disk === 'same') site.world.hosts[1]!.disk!.wasPrimary = true
  expect(await run(site)).toMatch(reason)
  expect(site.log).toEqual([])
})

test('an inventory that is not that of the survivors: nothing is done', async () => {
  const site = siteOf(PLAIN)
  const path = '/etc/drbd.d/r0.res'
  site.files.set(`server1:${path}`, site.files.get(`server1:${path}`)!.replace('node-id 0', 'node-id 1'))
  expect(await run(site)).toMatch(
    /server1 runs r0 otherwise than the inventory says.*- on server1: node-id 1/s,
  )
  expect(site.log).toEqual([])
})

test('only one node of a resource at a time', async () => {
  const site = siteOf({ ...PLAIN, nodes: 'three' })
  expect(await run(site, ['server2', 'server3'])).toMatch(
    /r0 cannot get back several nodes at once: server2, server3/,
  )
  expect(await run(site, ['server1', 'server2', 'server3'])).toMatch(/several nodes at once/)
  expect(site.log).toEqual([])
})

test('the one that serves is not brought back', async () => {
  const site = siteOf({ ...PLAIN, disk: 'counted' })
  expect(await run(site, ['server1'])).toMatch(
    /server1 is not brought back to r0: server1: it is Primary of r0/,
  )
  expect(site.log).toEqual([])
})

test('one that serves, in step with the other, has nothing to come back to', async () => {
  const site = siteOf(PLAIN)
  expect(await run(site)).toBe('done')
  const log = [...site.log]
  expect(await run(site, ['server1'])).toBe('done')
  expect(site.log).toEqual(log)
})

test.each<[string, Partial<Case>, Partial<Site>, string[]]>([
  ['a blank disk', {}, {}, ['r0: its disk is blank: metadata are made on it, and all is copied to it']],
  [
    'a disk from elsewhere',
    { disk: 'other', consents: true },
    {},
    [expect.stringMatching(/^r0: what is on its disk is lost: .*no generation in common/) as string],
  ],
  [
    'another address',
    { disk: 'counted', isMoved: true },
    {},
    [
      expect.stringContaining('- on server2; + on server4') as string,
      'r0: its data are good: what was written since is copied to it',
    ],
  ],
  ['a machine without DRBD', {}, { bare: ['server2'] }, []],
])('check mode does nothing, and tells what would be: %s', async (_what, fields, more, notes) => {
  const told: string[] = []
  const site: Site = { ...siteOf({ ...PLAIN, ...fields }), ...more, check: true, notes: told }
  expect(await run(site)).toBe('done')
  expect(site.log).toEqual([])
  expect(told).toEqual(notes)
})

test('check mode looks at the others also where DRBD is not there yet', async () => {
  const site: Site = { ...siteOf(PLAIN), bare: ['server2'], check: true }
  site.world.hosts[0]!.up = false
  expect(await run(site)).toMatch(/server1: r0 is not up there/)
  expect(await run({ ...site, check: false })).toMatch(/is not brought back/)
})

const aCase = fc.record<Case>({
  disk: fc.constantFrom<Disk>('blank', 'counted', 'same', 'other', 'split'),
  isMoved: fc.boolean(),
  gaveUp: fc.constantFrom('nobody', 'survivor', 'node'),
  isUp: fc.boolean(),
  consents: fc.boolean(),
  nodes: fc.constantFrom('two', 'two of 8.4', 'three'),
})
const aKill = fc.record({ after: fc.nat(4), lands: fc.boolean() })

/** All that may ever be done to a survivor, and that only where the node has moved, or was given up. */
const TO_SURVIVORS =
  /^server[13]: (\/etc\/drbd\.d\/r0\.res|sh -c REPLACE_PEER sh r0 1|drbdadm (connect r0(:server[24])?|adjust r0) <)/

test(
  'a controller killed at any act, any number of times: the node comes back, and nothing is taken from the others',
  { timeout: 120_000 },
  async () => {
    const ends = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(aCase, fc.array(aKill, { maxLength: 4 }), async (life, kills) => {
        const site = siteOf(life)
        const { world } = site
        const survivors = world.peersOf(1).map((at) => world.hosts[at]!)
        const before = structuredClone(
          survivors.map(({ disk, primary }) => ({ writes: disk!.writes, primary })),
        )
        const check = () => {
          expect(survivors.map(({ disk, primary }) => ({ writes: disk!.writes, primary }))).toEqual(before)
          const own = site.log.filter((line) => /^server[13]:/.test(line))
          for (const line of own) expect(line).toMatch(TO_SURVIVORS)
          if (life.nodes !== 'two of 8.4') expect(own.join()).not.toMatch(/drbdadm (connect r0|adjust r0) </)
          if (!life.isMoved) for (const line of own) expect(line).toContain('connect')
        }
        for (const { after, lands } of kills) {
          let acts = 0
          const act = (effect: () => void) => {
            if (acts++ < after) return effect()
            if (lands) effect()
            throw new Killed()
          }
          const end = await run({ ...site, act })
          ends.set(end === 'killed' ? end : 'other', (ends.get(end === 'killed' ? end : 'other') ?? 0) + 1)
          check()
        }
        const end = await run(site)
        check()
        const isRefused = life.disk === 'split' || (life.disk === 'other' && (!life.consents || life.isUp))
        if (isRefused) {
          expect(end).not.toBe('done')
          return
        }
        expect(end).toBe('done')
        expect(world.hosts[1]).toMatchObject({ isUpToDate: true, disk: { writes: before[0]!.writes } })
        const log = [...site.log]
        expect(await run(site)).toBe('done')
        expect(site.log).toEqual(log)
      }),
      { numRuns: 600 },
    )
    expect(ends.get('killed')).toBeGreaterThan(100)
  },
)
