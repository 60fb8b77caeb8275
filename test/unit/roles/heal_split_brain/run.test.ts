import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { Node, Nodes } from 'bringup'
import { describe, expect, test } from 'vitest'
import { RECONNECT } from '../../../../roles/heal_split_brain/reconnect_text.ts'
import role from '../../../../roles/heal_split_brain/role.ts'
import { COMPARE, COPY, DUMP, LIST, PLACE } from '../../../../roles/heal_split_brain/save_text.ts'
import { healVars } from '../../../../roles/heal_split_brain/vars.ts'
import type { HealVars } from '../../../../roles/heal_split_brain/vars.ts'
import type { Said } from '../../../../src/drbd/status/generation.ts'
import { PAIR as DECLARED } from '../../drbd/declared.ts'
import { PAIR, reportOf, splitPair } from '../../drbd/split_brain/split_world.ts'
import type { SplitNode } from '../../drbd/split_brain/split_world.ts'
import { dumpMd, said, statusJson, tuple } from '../drbd_rejoin/words_of_tools.ts'

/** Recorded: bits of it were set with drbdmeta. */
const METADATA = readFileSync(new URL('../../drbd/split_brain/fixtures/v09.txt', import.meta.url), 'utf8')

interface Site {
  readonly world: SplitNode[]
  /** What changed something, in order: `server2: down`. */
  readonly log: string[]
  readonly notes: string[]
  /** KiB that are free for a save. */
  free: number
  /** Called before each entry of the log. */
  before?: (what: string) => void
}

const SCRIPTS = Object.entries({ list: LIST, dump: DUMP, copy: COPY, compare: COMPARE, place: PLACE })

/** A node that answers from the model of the world, and works on it. */
function modelledNode(site: Site, at: number, vars: HealVars, check: boolean): Node<HealVars> {
  const { name } = PAIR.nodes[at]!
  const own = () => site.world[at]!
  const set = (index: number, fields: Partial<SplitNode>) =>
    (site.world[index] = { ...site.world[index]!, ...fields })
  const does = (what: string): void => {
    site.before?.(`${name}: ${what}`)
    site.log.push(`${name}: ${what}`)
  }
  /** Both try, and one of them discards. */
  const meet = (): void => {
    if (site.world.some(({ up, connections }) => !up || connections.includes('StandAlone'))) return
    const source = site.world[1 - at]!
    set(at, { writes: source.writes, connections: at === 0 ? ['', 'Connected'] : ['Connected', ''] })
    set(1 - at, { connections: at === 0 ? ['Connected', ''] : ['', 'Connected'] })
  }

  function read(command: string): Said {
    const report = reportOf(PAIR, site.world, at)
    if (command.includes('/proc/drbd\n'))
      return said(`version: 9.2.16 (api:2)\n=== status\n${statusJson(report, (peer) => peer)}`)
    if (command.startsWith('drbdadm get-gi')) return said(tuple(report.disks[0]!.metadata, 'v09'))
    if (/^drbdmeta 0 v09 \S+ internal dump-md/.test(command)) return dumpMd(report.disks[0]!.metadata, 'v09')
    if (command.includes('mountinfo'))
      return said(
        own()
          .uses.map((use) => use.replace('mounted on', 'mount'))
          .join('\n'),
      )
    if (command.includes('journalctl') || command.startsWith('df ')) return said('')
    if (command.includes('crm_mon')) return said('', 1)
    if (command.startsWith('systemctl is-active')) return said('', 3)
    throw new Error(`the model does not know: ${command}`)
  }
  function change(command: string): Said {
    if (command.includes(RECONNECT)) {
      does('connect, and discard')
      set(at, { up: true, connections: at === 0 ? ['', 'Connecting'] : ['Connecting', ''] })
      queueMicrotask(meet)
    } else if (command.includes('drbdadm down')) {
      does('down')
      set(at, { up: false, role: 'Secondary' })
    } else if (command.startsWith('drbdadm connect r0')) {
      does(command.replace(' </dev/null', ''))
      set(at, { connections: at === 0 ? ['', 'Connecting'] : ['Connecting', ''] })
    } else throw new Error(`the model does not know: ${command}`)
    return said('')
  }
  const tag = (answer: (command: string) => Said) => {
    const call = (pieces: TemplateStringsArray | object, ...values: unknown[]): unknown =>
      Array.isArray(pieces)
        ? Promise.resolve().then(() =>
            answer(String.raw({ raw: pieces }, ...values.map((value) => [value].flat().join(' ')))),
          )
        : call
    return call
  }
  const remote = {
    run: async (script: string) => {
      const [known] = SCRIPTS.find(([, text]) => script.endsWith(text)) ?? ['write']
      if (!['list', 'place', 'compare'].includes(known)) does(known)
      const stdout = {
        place: `ext4 ${site.free} ${site.free}\n`,
        compare: `${'a'.repeat(64)}\n${'a'.repeat(64)}\nsame\n`,
      }
      const answer = stdout[known as keyof typeof stdout] ?? ''
      return { code: 0, stdout: Buffer.from(answer), stderr: Buffer.from('') }
    },
    download: async () => Readable.from([METADATA]),
  }
  const $ = Object.assign(tag(change), { read: tag(read) })
  const context = { host: name, $, remote, check, signal: new AbortController().signal }
  const node = {
    name,
    vars,
    $,
    note: (text: string) => void site.notes.push(text),
    progress: () => {},
    readText: async () => null,
    async task(what: string, { met, apply }: Record<'met' | 'apply', (c: object) => Promise<unknown>>) {
      if ((await met(context)) === true) return
      if (check) return does(`would: ${what}`)
      await apply(context)
      // The other end may still be at it.
      await new Promise(setImmediate)
      const after = await met(context)
      if (after !== true) throw new Error(`${what}: still not met: ${String(after)}`)
    },
    async require(what: string, holds: (c: object) => Promise<true | string>) {
      const seen = await holds(context)
      if (seen !== true) throw new Error(`${what}: ${seen}`)
    },
  }
  return node as unknown as Node<HealVars>
}

function groupOf(all: readonly Node<HealVars>[]): Nodes<HealVars> {
  const group = {
    names: all.map(({ name }) => name),
    first: all[0]!,
    map: <T>(work: (node: Node<HealVars>) => Promise<T>) => Promise.all(all.map(work)),
    each: async (work: (node: Node<HealVars>) => Promise<unknown>) => void (await Promise.all(all.map(work))),
    named: (...names: string[]) => groupOf(names.map((name) => all.find((one) => one.name === name)!)),
  }
  return group as unknown as Nodes<HealVars>
}

const siteOf = (world: SplitNode[] = splitPair()): Site => ({ world, log: [], notes: [], free: 1e9 })

async function run(site: Site, given: object = {}, check = false): Promise<unknown> {
  site.log.length = 0
  site.notes.length = 0
  const vars = healVars.parse({ drbd_resources: [DECLARED], ...given })
  const nodes = groupOf(PAIR.nodes.map((_, at) => modelledNode(site, at, vars, check)))
  const context = { nodes, vars, check, warn: (text: string) => void site.notes.push(text), atEnd: () => {} }
  return role.run(context as unknown as Parameters<typeof role.run>[0]).then(
    () => undefined,
    (error: unknown) => error,
  )
}

const HEALED = ['server2: down', 'server2: dump', 'server2: write', 'server2: copy', 'server2: write']

test('without a victim it tells, and does nothing', async () => {
  const site = siteOf()
  expect(await run(site)).toMatchObject({
    code: 'REFUSED',
    details: { remedy: expect.stringContaining('-e victim=server2') },
  })
  expect(site.log).toEqual([])
  expect(site.notes.join('\n')).toMatch(/^r0 is split:\n[^]*mounted on \/srv[^]*has what server2 has not/)
})

test('a check tells what it would do, and does nothing', async () => {
  const site = siteOf()
  expect(await run(site, { victim: 'server2' }, true)).toBeUndefined()
  expect(site.log.every((line) => line.includes('would: '))).toBe(true)
  expect(site.log).toContain('server2: would: what only server2 has of r0 is saved')
  expect(site.notes.join('\n')).toContain(
    'what only server2 has is given up:\nserver2: drbdadm disconnect r0',
  )
  expect(site.world).toEqual(splitPair())
})

describe('with a victim', () => {
  test('it is down, saved and compared before anything is discarded; the survivor only connects', async () => {
    const site = siteOf()
    expect(await run(site, { victim: 'server2' })).toBeUndefined()
    expect(site.log.slice(0, HEALED.length)).toEqual(HEALED)
    expect(site.log.slice(HEALED.length).toSorted()).toEqual([
      'server1: drbdadm connect r0:server2',
      'server2: connect, and discard',
    ])
    expect(site.world.map(({ writes }) => writes)).toEqual([
      ['a', 'b', 'x'],
      ['a', 'b', 'x'],
    ])
    expect(site.notes.at(-1)).toContain('/var/lib/bringup/split-brain/r0-')
    // And once more.
    expect(await run(site, { victim: 'server2' })).toBeUndefined()
    expect(site.log).toEqual([])
  })

  test('a survivor that still tries is not touched at all', async () => {
    const [survivor, victim] = splitPair()
    const site = siteOf([{ ...survivor, connections: ['', 'Connecting'] }, victim])
    expect(await run(site, { victim: 'server2' })).toBeUndefined()
    expect(site.log.filter((line) => line.startsWith('server1'))).toEqual([])
  })

  test('unsaved, where that is wanted', async () => {
    const site = siteOf()
    expect(await run(site, { victim: 'server2', heal_save: false })).toBeUndefined()
    expect(site.log.toSorted()).toEqual([
      'server1: drbdadm connect r0:server2',
      'server2: connect, and discard',
      'server2: down',
    ])
  })

  test('no room: it is refused before it is taken down, or at the latest before anything is lost', async () => {
    const early = siteOf()
    early.free = 500
    expect(await run(early, { victim: 'server2' })).toMatchObject({ code: 'REFUSED' })
    expect(early.log).toEqual([])
    // The metadata name more than 1 GiB, which the kernel did not tell.
    const late = siteOf()
    late.free = 500_000
    expect(await run(late, { victim: 'server2' })).toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('no room'),
    })
    expect(late.log).toEqual(['server2: down', 'server2: dump'])
    expect(late.world[1]!.writes).toEqual(['a', 'b', 'y'])
  })
})

test.for([
  ['the survivor lost its disk', (world: SplitNode[]) => (world[0] = { ...world[0]!, disk: 'Diskless' })],
  ['the survivor is down', (world: SplitNode[]) => (world[0] = { ...world[0]!, up: false })],
  [
    'somebody mounted the disk of the victim',
    (world: SplitNode[]) => (world[1] = { ...world[1]!, uses: ['mounted on /mnt'] }),
  ],
  [
    'somebody healed it otherwise',
    (world: SplitNode[]) => (world[1] = { ...world[1]!, writes: world[0]!.writes }),
  ],
] as const)('what was seen at first is looked at again, before it is too late: %s', async ([, change]) => {
  const site = siteOf()
  site.before = (what) => {
    if (what === 'server2: copy') change(site.world)
  }
  expect(await run(site, { victim: 'server2' })).toMatchObject({
    code: expect.stringMatching(/^(REFUSED|CHANGED_MEANWHILE)$/),
  })
  expect(site.log).toEqual(HEALED)
})

test('a node that is left out may have newer data than all', async () => {
  const site = siteOf()
  const vars = healVars.parse({ drbd_resources: [DECLARED], victim: 'server2' })
  const nodes = groupOf([modelledNode(site, 1, vars, false)])
  const context = { nodes, vars, check: false, warn: () => {}, atEnd: () => {} }
  await expect(role.run(context as unknown as Parameters<typeof role.run>[0])).rejects.toMatchObject({
    code: 'HOST_UNKNOWN',
    message: 'server1 of r0 is not among the hosts of the run',
  })
  expect(site.log).toEqual([])
})
