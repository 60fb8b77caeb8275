import { KNET_LINK, UDP_LINK } from './cluster_schema.ts'
import { isIPv6 } from 'node:net'
import { cryptoOf, transportOf } from './render.ts'
import { isAtLeast } from './version.ts'
import type { CorosyncVersion } from './version.ts'
import type { WrittenCluster } from './written_schema.ts'

/**
 * What a corosync of this version would not take, or take and not do what was meant, in words. `corosync -t` finds only
 * some of it: it passes unknown names, and a file without a provider of quorum.
 */
export function confProblems(cluster: WrittenCluster, version: CorosyncVersion): string[] {
  return [
    ...nodeProblems(cluster),
    ...linkProblems(cluster, version),
    ...cryptoProblems(cluster, version),
    ...quorumProblems(cluster),
    ...textProblems(cluster),
    ...(cluster.logging.timestamp === 'hires' && !isAtLeast(version, [3, 0])
      ? ['logging: timestamp hires needs corosync 3']
      : []),
  ]
}

function nodeProblems({ nodes }: WrittenCluster): string[] {
  const twice = (what: string, all: readonly (string | number)[]): string[] =>
    [...new Set(all.filter((one, index) => all.indexOf(one) !== index))].map(
      (one) => `${what} ${one} is that of two nodes`,
    )
  const counts = new Set(nodes.map(({ addresses }) => addresses.length))
  return [
    ...twice(
      'the name',
      nodes.map(({ name }) => name),
    ),
    ...twice(
      'the node id',
      nodes.map(({ id }) => id),
    ),
    ...twice(
      'the address',
      nodes.flatMap(({ addresses }) => addresses),
    ),
    ...(counts.size > 1
      ? [
          `nodes have different numbers of addresses: ${nodes.map(({ name, addresses }) => `${name} ${addresses.length}`).join(', ')}`,
        ]
      : []),
  ]
}

const UDP_ONLY = UDP_LINK.filter((name) => name !== 'mcastport')
const KNET_ONLY = KNET_LINK.filter((name) => name !== 'mcastport' && name !== 'linknumber')

function linkProblems(cluster: WrittenCluster, version: CorosyncVersion): string[] {
  const transport = transportOf(cluster, version)
  const isOld = !isAtLeast(version, [3, 0])
  const links = Math.max(cluster.links.length, ...cluster.nodes.map(({ addresses }) => addresses.length))
  const most = transport === 'knet' ? 8 : isOld ? 2 : 1
  const foreign = transport === 'knet' ? UDP_ONLY : KNET_ONLY
  const addresses = Math.max(...cluster.nodes.map((node) => node.addresses.length))
  const problems = cluster.links.flatMap((link, index) => {
    const number = Number(link.linknumber ?? index)
    return [
      ...foreign
        .filter((name) => link[name] !== undefined)
        .map((name) => `link ${number}: ${name} is none of ${transport}`),
      ...(transport === 'udpu'
        ? UDP_ONLY.filter((name) => link[name] !== undefined).map(
            (name) => `link ${number}: ${name} is none of udpu`,
          )
        : []),
      ...(number >= addresses ? [`link ${number}: no node has an address on it`] : []),
      ...(transport === 'udp' ? multicastProblems(cluster, index) : []),
    ]
  })
  if (transport === 'knet' && isOld) problems.push('transport knet needs corosync 3')
  if (links > most)
    problems.push(
      `${transport} of corosync ${version[0]} has ${most} link${most === 1 ? '' : 's'}, and ${links} are wanted`,
    )
  return problems
}

function multicastProblems({ links, nodes }: WrittenCluster, index: number): string[] {
  const { mcastaddr, broadcast, ttl, mcastport } = links[index] ?? {}
  const where = `link ${index}`
  const problems: string[] = []
  const isSix = nodes.some(({ addresses }) => isIPv6(addresses[index] ?? ''))
  const isOn = broadcast !== undefined && !['0', 'no'].includes(broadcast)
  if (isOn && mcastaddr !== undefined) problems.push(`${where}: broadcast and mcastaddr exclude each other`)
  if (isOn && isSix) problems.push(`${where}: IPv6 has no broadcast`)
  if (mcastaddr !== undefined && !isMulticast(mcastaddr))
    problems.push(`${where}: ${mcastaddr} is no multicast address`)
  else if (mcastaddr !== undefined && isIPv6(mcastaddr) !== isSix)
    problems.push(`${where}: mcastaddr ${mcastaddr} is of another family than the nodes' addresses`)
  if (ttl !== undefined && !inRange(ttl, 0, 255)) problems.push(`${where}: ttl ${ttl} is not 0 to 255`)
  // The port below it is used too (corosync.conf(5)).
  if (mcastport !== undefined && !inRange(mcastport, 2, 65535))
    problems.push(`${where}: mcastport ${mcastport} is no port`)
  return problems
}

const inRange = (text: string, least: number, most: number): boolean =>
  /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most

const isMulticast = (address: string): boolean =>
  isIPv6(address) ? /^ff/i.test(address) : /^2(2[4-9]|3\d)(\.\d{1,3}){3}$/.test(address)

function cryptoProblems(cluster: WrittenCluster, version: CorosyncVersion): string[] {
  const transport = transportOf(cluster, version)
  const { cipher, hash } = cryptoOf(cluster, version)
  const isOn = cipher !== 'none' || hash !== 'none'
  if (isOn && transport !== 'knet' && isAtLeast(version, [3, 0]))
    return [`crypto: ${transport} of corosync 3 cannot encrypt; only knet can`]
  if (cipher !== 'none' && hash === 'none') return ['crypto: a cipher needs a hash too']
  return []
}

function quorumProblems({ quorum, nodes }: WrittenCluster): string[] {
  const problems: string[] = []
  const count = nodes.length
  if (quorum.two_node === true && count !== 2)
    problems.push(`quorum: two_node with ${count} node${count === 1 ? '' : 's'}`)
  if (quorum.expected_votes !== undefined && quorum.expected_votes !== count)
    problems.push(`quorum: expected_votes ${quorum.expected_votes}, and there are ${count} nodes`)
  if (quorum.two_node !== false && count === 2 && quorum.auto_tie_breaker === true)
    problems.push('quorum: auto_tie_breaker and two_node exclude each other; set two_node: false')
  if (quorum.last_man_standing_window !== undefined && quorum.last_man_standing !== true)
    problems.push('quorum: last_man_standing_window is of no use without last_man_standing')
  return problems
}

/** The file has one thing per line, and braces are its own. */
function textProblems(cluster: WrittenCluster): string[] {
  const groups = [
    cluster.transport_options,
    cluster.totem,
    cluster.crypto,
    cluster.compression,
    ...cluster.links,
  ]
  const named = groups.flatMap((group) => Object.entries(group))
  const bad = [...named, ...cluster.nodes.map(({ name }) => ['name', name] as const)].filter(
    ([, value]) => value !== undefined && (/[\n\r{}]/.test(value) || value.trim() !== value || value === ''),
  )
  return bad.map(([name]) => `${name}: must be one line without braces`)
}
