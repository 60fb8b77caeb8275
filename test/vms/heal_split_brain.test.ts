import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RunResult } from '../support/bringup.ts'
import { errorsIn } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import { until } from '../support/until.ts'
import { NODES, pairProject, pairVars, raisePair } from './drbd_pair.ts'
import type { DrbdPair } from './drbd_pair.ts'

const LONG = { timeout: 1_200_000 }

let pair: DrbdPair
let project: EngineProject
beforeAll(async () => void (pair = await raisePair()))
afterAll(() => pair?.lab.down())
beforeEach(() => {
  project = pairProject(pair, ['heal_split_brain'])
})

const say: DrbdPair['say'] = (node, script) => pair.say(node, script)
const heal = (...args: string[]) => project.run('-i', 'group_vars.yml', ...args)
const HEALED = /^Connected Primary\/Secondary UpToDate\/UpToDate$/
const notes = ({ events }: RunResult): string =>
  events.flatMap((event) => (event.type === 'note' ? [event.message] : [])).join('\n')
const saves = async (node: string): Promise<string[]> =>
  (await say(node, 'ls /var/lib/bringup/split-brain 2>/dev/null || :')).split('\n').filter(Boolean)

/** Both write what the other does not get; the first goes on with its service, the second is asked for nothing any more. */
async function split(serving: string, other: string, mark: string): Promise<void> {
  await say(serving, 'drbdadm disconnect r0')
  await say(serving, `drbdadm primary r0 && mount /dev/drbd0 /mnt && echo ${serving} >/mnt/${mark} && sync`)
  await say(other, 'drbdadm disconnect r0')
  await say(
    other,
    `drbdadm primary r0 && mount /dev/drbd0 /mnt && echo only-here-${mark} >/mnt/lost && umount /mnt && udevadm settle && drbdadm secondary r0`,
  )
  for (const node of NODES) await say(node, 'drbdadm connect r0')
  // One of them may still try: nobody listens any more.
  await until(async () => {
    const states = await Promise.all(NODES.map((node) => pair.state(node)))
    return states.some((state) => state.startsWith('StandAlone'))
  })
}

test('two nodes have the same data', LONG, async () => {
  const first = pairProject(pair, ['drbd_resource', 'initial_primary', 'filesystem'])
  first.write(pairVars({}, { filesystems: [{ resource: 'r0', type: 'ext4' }], initial_sync_wait: true }))
  const made = await first.run('-i', 'group_vars.yml')
  expect(made.exitCode, made.output).toBe(0)
})

/** The service writes all the while, and each write is on the disk before the next. */
const SERVICE = `nohup sh -c 'while echo line >>/mnt/service && sync /mnt/service; do sleep 0.1; done' </dev/null >/dev/null 2>&1 &
echo $! >/run/service.pid`
const lines = async (node: string): Promise<number> => Number(await say(node, 'wc -l </mnt/service'))

describe('a split brain', () => {
  let generations: string[]
  beforeAll(async () => {
    await split('server1', 'server2', 'first')
    await say('server1', SERVICE)
    generations = await pair.onAll('drbdadm get-gi r0')
  })
  const untouched = async (): Promise<void> => {
    expect(await pair.onAll('drbdadm get-gi r0')).toEqual(generations)
    expect(await saves('server2')).toEqual([])
  }

  test('is explained where nobody named a victim', LONG, async () => {
    const told = await heal()
    expect(told.exitCode, told.output).toBe(2)
    expect(notes(told)).toMatch(/r0 is split:[^]*mounted on \/mnt[^]*has what server2 has not/)
    expect(notes(told)).toMatch(/told of the split +\d{4}-\d\d-\d\d [^]*mounted +\d{4}-\d\d-\d\d /)
    expect(errorsIn(told.events)).toMatchObject([
      { code: 'REFUSED', remedy: expect.stringContaining('-e victim=server2') as string },
    ])
    await untouched()
  })

  test.for([
    ['the node that serves', 'server1', /in use there: mounted on \/mnt/],
    ['a node that is none', 'server9', /has no data of r0/],
  ] as const)('is not healed by giving up %s', LONG, async ([, victim, seen]) => {
    const refused = await heal('-e', `victim=${victim}`)
    expect(refused.exitCode, refused.output).toBe(2)
    expect(errorsIn(refused.events)).toMatchObject([
      { code: 'REFUSED', seen: expect.stringMatching(seen) as string },
    ])
    await untouched()
  })

  test('is healed in a check by nobody', LONG, async () => {
    const check = await heal('-e', 'victim=server2', '--check')
    expect(check.exitCode, check.output).toBe(0)
    expect(check.changed).toEqual(
      expect.arrayContaining([
        'server2 r0 is down on server2',
        'server2 what only server2 has of r0 is saved',
        'server2 server2 takes the data of server1',
      ]),
    )
    await untouched()
  })

  test('is healed: what only the victim had is saved, and the service never stood still', LONG, async () => {
    const before = await lines('server1')
    const healed = await heal('-e', 'victim=server2')
    expect(healed.exitCode, healed.output).toBe(0)
    await until(async () => HEALED.test(await pair.state('server1')))
    expect(await say('server1', 'kill -0 $(cat /run/service.pid) && cat /mnt/first')).toBe('server1')
    expect(await lines('server1')).toBeGreaterThan(before)

    const [folder = ''] = await saves('server2')
    const image = `/var/lib/bringup/split-brain/${folder}/volume-0.img`
    expect(await say('server2', `grep -a -c only-here-first ${image}`)).not.toBe('0')
    // The disk of server2 is that of server1, which has no such file.
    await say('server1', 'kill $(cat /run/service.pid); umount /mnt; udevadm settle; drbdadm secondary r0')
    expect(await say('server2', 'drbdadm primary r0 && mount /dev/drbd0 /mnt && ls /mnt')).not.toContain(
      'lost\n',
    )
    await say('server2', 'umount /mnt; udevadm settle; drbdadm secondary r0')
    await say('server1', 'drbdadm primary r0')
  })

  test('once: another run has nothing to do, whoever is named', LONG, async () => {
    for (const args of [[], ['-e', 'victim=server1'], ['-e', 'victim=server2']]) {
      const again = await heal(...args)
      expect(again.exitCode, again.output).toBe(0)
      expect(again.changed).toEqual([])
    }
    expect(await saves('server2')).toHaveLength(1)
  })
})

test(
  'the other way round, after a run that died when the victim was down; saved is all of the disk',
  LONG,
  async () => {
    await say('server1', 'drbdadm secondary r0')
    await split('server2', 'server1', 'second')
    await say('server1', 'drbdadm down r0')
    const healed = await heal('-e', 'victim=server1', '-e', 'heal_save=disk')
    expect(healed.exitCode, healed.output).toBe(0)
    await until(async () => HEALED.test(await pair.state('server2')))
    const [folder = ''] = await saves('server1')
    expect(
      await say(
        'server1',
        `mkdir -p /tmp/saved && mount -o ro,loop,noload /var/lib/bringup/split-brain/${folder}/volume-0.img /tmp/saved && cat /tmp/saved/lost; umount /tmp/saved`,
      ),
    ).toBe('only-here-second')
    expect(await say('server2', 'cat /mnt/second')).toBe('server2')
  },
)

test('unsaved, where that is wanted; a connection cut by hand is no split', LONG, async () => {
  await say('server2', 'umount /mnt; udevadm settle; drbdadm secondary r0')
  await say('server1', 'drbdadm disconnect r0')
  const refused = await heal('-e', 'victim=server1')
  expect(refused.exitCode, refused.output).toBe(2)
  expect(errorsIn(refused.events)).toMatchObject([
    { seen: expect.stringContaining('that is no split brain: their data are the same') as string },
  ])
  await say('server1', 'drbdadm connect r0')
  await until(async () => (await pair.state('server1')).startsWith('Connected'))

  await split('server1', 'server2', 'third')
  const before = await saves('server2')
  const healed = await heal('-e', 'victim=server2', '-e', 'heal_save=false')
  expect(healed.exitCode, healed.output).toBe(0)
  expect(await saves('server2')).toEqual(before)
  await until(async () => HEALED.test(await pair.state('server1')))
})
