import type { Node, Nodes } from 'bringup'
import { expect } from 'vitest'
import { REPLACE_PEER } from '../../../../roles/drbd_rejoin/let_in.ts'
import { WATCHED_ADJUST, WRONG_WAY } from '../../../../roles/drbd_rejoin/watched_adjust.ts'
import type { DrbdRejoinVars } from '../../../../roles/drbd_rejoin/vars.ts'
import { configFiles } from '../../../../src/drbd/config_files.ts'
import { decideMetadata } from '../../../../src/drbd/metadata.ts'
import { resourceFilePath } from '../../../../src/drbd/render/resource_file.ts'
import type { DrbdResource } from '../../../../src/drbd/resource_schema.ts'
import type { DrbdNodeReport } from '../../../../src/drbd/status/node_report.ts'
import type { Said } from '../../../../src/drbd/status/generation.ts'
import type { ClusterModel } from '../../drbd/rejoin/cluster_model.ts'
import { dumpMd, procDrbd, said, statusJson, tuple } from './words_of_tools.ts'

/** The controller is no more. */
export class Killed extends Error {}

export interface Site {
  readonly world: ClusterModel
  readonly resource: DrbdResource
  /** By node and path. */
  readonly files: Map<string, string>
  /** What each kernel knows its peers by, as `name address:port`, by node and peer. */
  readonly known: Map<string, string>
  /** Every command that changes something, as `server1: drbdadm …`. */
  readonly log: string[]
  /** What was told, where somebody listens. */
  readonly notes?: string[]
  /** `host:device` */
  readonly consents: ReadonlySet<string>
  /** Whether nothing is carried out. */
  readonly check?: boolean
  /** Nodes on which nothing of DRBD is installed yet. */
  readonly bare?: readonly string[]
  /** Called with each act; throws where the controller dies at it. */
  act(effect: () => void): void
}

const GIB = 2 ** 30

/** The nodes of the model as a role sees them: DRBD's tools answer from it, and work on it. */
export function modelledNodes(
  site: Site,
  names: readonly string[],
  vars: DrbdRejoinVars,
): Nodes<DrbdRejoinVars> {
  const all = names.map((name) => modelledNode(site, name, vars))
  return groupOf(all)
}

function groupOf(all: readonly Node<DrbdRejoinVars>[]): Nodes<DrbdRejoinVars> {
  const group = {
    names: all.map(({ name }) => name),
    size: all.length,
    first: all[0]!,
    map: <T>(work: (node: Node<DrbdRejoinVars>) => Promise<T>) => Promise.all(all.map(work)),
    each: async (work: (node: Node<DrbdRejoinVars>) => Promise<unknown>) => {
      for (const node of all) await work(node)
    },
    named: (...names: string[]) => groupOf(names.map((name) => all.find((one) => one.name === name)!)),
    [Symbol.iterator]: () => all[Symbol.iterator](),
  }
  return group as unknown as Nodes<DrbdRejoinVars>
}

export const endpointOf = ({ name, address, port }: DrbdResource['nodes'][number]): string =>
  `${name} ${address}:${port}`

function modelledNode(site: Site, name: string, vars: DrbdRejoinVars): Node<DrbdRejoinVars> {
  const { world, resource } = site
  const at = resource.nodes.findIndex((node) => node.name === name)
  const declared = resource.nodes[at]!
  const host = world.hosts[at]!
  const is84 = resource.driver === '8.4'
  const format = is84 ? 'v08' : 'v09'
  const report = (): DrbdNodeReport => world.reports()[at]!

  world.meets = (one, two) =>
    [
      [one, two],
      [two, one],
    ].every(([from, to]) => site.known.get(`${from} ${to}`) === endpointOf(resource.nodes[to!]!))

  /** What this node calls another; none once it was taken out. */
  const nameOf = (peer: string): string | undefined =>
    site.known.get(`${at} ${resource.nodes.findIndex((one) => one.name === peer)}`)?.split(' ')[0]

  function read(command: string): Said {
    if (!host.running) throw new Error(`${name} was asked while it is off`)
    const isBare = site.bare?.includes(name) === true
    if (isBare && /^(drbd|cat \/sys\/block\/drbd)/.test(command)) return said('', 127, 'not found')
    if (command.includes('/proc/drbd\n')) {
      if (isBare) return said('')
      return said(
        is84
          ? procDrbd(report())
          : `version: ${report().module} (api:2)\n=== status\n${statusJson(report(), nameOf)}`,
      )
    }
    const isLonely = world.peersOf(at).every((other) => !site.known.has(`${at} ${other}`))
    if (command.startsWith('drbdadm get-gi') && isLonely) return said('', 10)
    if (command.startsWith('drbdadm get-gi')) return said(tuple(report().disks[0]!.metadata, format))
    if (/^drbdmeta 0 v0\d \S+ internal dump-md/.test(command)) {
      expect(command).toContain(format)
      return dumpMd(report().disks[0]!.metadata, format)
    }
    if (command.startsWith('blockdev --getsize64')) return said(String(2 * GIB))
    if (command.startsWith('cat /sys/block/drbd0/size'))
      return host.up ? said(String(GIB / 512)) : said('', 1)
    if (command.startsWith('drbdsetup show')) {
      return said(
        world
          .peersOf(at)
          .map((other) => site.known.get(`${at} ${other}`)?.split(' ') ?? [])
          .map(
            ([peer, address]) => `connection {\n _remote_host ipv4 ${address};\n net { _name "${peer}"; }\n}`,
          )
          .join('\n'),
      )
    }
    if (command.startsWith('systemctl cat')) return said('Before=pacemaker.service\n')
    if (command.startsWith('dmesg')) return said('')
    throw new Error(`the model does not know: ${command}`)
  }

  function change(command: string): Said {
    const short = command.includes(WATCHED_ADJUST)
      ? 'drbdadm adjust r0, watched'
      : command.replace(REPLACE_PEER, 'REPLACE_PEER')
    site.log.push(`${name}: ${short}`)
    let answer = said('')
    site.act(() => {
      answer = carriedOut(command)
    })
    return answer
  }

  function carriedOut(command: string): Said {
    if (command.includes(WATCHED_ADJUST)) {
      if (host.disk === null) return said('', 10, 'Failure: (119) No valid meta-data signature found.')
      host.up = true
      for (const other of world.peersOf(at)) {
        site.known.set(`${at} ${other}`, endpointOf(resource.nodes[other]!))
        world.alone.delete(`${at}-${other}`)
      }
      return world.connect().some(({ from }) => from === at) ? said('', WRONG_WAY) : said('')
    }
    if (/^drbdadm connect r0(:\S+)? /.test(command)) {
      for (const other of world.peersOf(at)) {
        const isMeant = command.includes(`:${resource.nodes[other]!.name} `) || !command.includes(':')
        if (isMeant) world.alone.delete(`${at}-${other}`)
      }
      world.connect()
      return said('')
    }
    if (command.startsWith('drbdadm disconnect r0')) {
      for (const other of world.peersOf(at)) world.leave(at, other)
      return said('')
    }
    if (command.includes(REPLACE_PEER)) {
      const other = resource.nodes.findIndex(({ node_id: id }) => String(id) === command.split(' ').at(-1))
      site.known.delete(`${at} ${other}`)
      return carriedOut('drbdadm adjust r0')
    }
    if (command.startsWith('drbdadm adjust r0')) {
      for (const other of world.peersOf(at)) {
        if (site.known.get(`${at} ${other}`) === endpointOf(resource.nodes[other]!)) continue
        site.known.set(`${at} ${other}`, endpointOf(resource.nodes[other]!))
        world.alone.delete(`${at}-${other}`)
      }
      world.connect()
      return said('')
    }
    throw new Error(`the model does not know: ${command}`)
  }

  const tag = (answer: (command: string) => Said) => {
    const call = (pieces: TemplateStringsArray | object, ...values: unknown[]): unknown => {
      if (!Array.isArray(pieces)) return call
      const words = values.map((value) => [value].flat().join(' '))
      return Promise.resolve().then(() => answer(String.raw({ raw: pieces }, ...words)))
    }
    return call
  }
  const $ = Object.assign(tag(change), { read: tag(read) })
  const context = {
    $,
    remote: {
      // The dry run of adjust: what the kernel does not have yet.
      run: async () => ({
        code: 0,
        stdout: Buffer.from('dry run\0up\0drbdsetup new-peer r0\n'),
        stderr: Buffer.from(''),
      }),
    },
  }
  const perform = async (
    met: () => Promise<boolean | string>,
    apply: () => Promise<unknown>,
  ): Promise<void> => {
    if ((await met()) === true || site.check === true) return
    await apply()
    const after = await met()
    if (after !== true) throw new Error(`still not met: ${after}`)
  }

  const node = {
    name,
    vars,
    facts: { hostname: name },
    $,
    note: (text: string) => void site.notes?.push(text),
    progress: () => {},
    readText: async (path: string) => site.files.get(`${name}:${path}`) ?? null,
    task: (
      _name: string,
      { met, apply }: { met(c: object): Promise<boolean | string>; apply(c: object): Promise<unknown> },
    ) =>
      perform(
        () => met(context),
        () => apply(context),
      ),
    require: async (what: string, holds: (c: object) => Promise<true | string>) => {
      const seen = await holds({ ...context, signal: new AbortController().signal })
      if (seen !== true) throw new Error(`${what}: ${seen}`)
    },
    do: async (operation: { name: string }, want: { resources: DrbdResource[] }) => {
      if (operation.name !== 'drbd_config') throw new Error(`the model does not know ${operation.name}`)
      const wanted = configFiles(want.resources)
      await perform(
        async () => wanted.every(({ path, content }) => site.files.get(`${name}:${path}`) === content),
        async () => {
          site.log.push(`${name}: ${resourceFilePath(resource)}`)
          site.act(() => wanted.forEach(({ path, content }) => site.files.set(`${name}:${path}`, content)))
        },
      )
    },
    drbd_metadata: async ({ foreign = false }: { foreign?: boolean }) => {
      const decide = () => {
        const { metadata } = report().disks[0]!
        const types = metadata.kind === 'none' ? [] : ['drbd']
        return decideMetadata({
          host: name,
          device: '/dev/sdb',
          driver: resource.driver,
          nodeId: declared.node_id,
          maxPeers: resource.nodes.length - 1,
          isForeign: foreign,
          consent: site.consents,
          facts: {
            mounts: [],
            swap: false,
            holders: [],
            partitions: [],
            otherData: false,
            slots: undefined,
            content: {
              signatures: types.map((type) => ({ type, label: undefined, uuid: undefined, version: format })),
              unreadable: undefined,
            },
            metadata,
            attached: host.up && host.disk !== null,
          },
        })
      }
      const decision = decide()
      if (decision.kind === 'keep' || site.check === true) return
      if (decision.kind === 'refused') throw new Error(decision.reason)
      site.log.push(`${name}: create-md`)
      site.act(() => world.createMetadata(at))
      if (decide().kind !== 'keep') throw new Error('made, and still not as wanted')
    },
    service: async () => {},
    dropin: async () => {},
  }
  return node as unknown as Node<DrbdRejoinVars>
}
