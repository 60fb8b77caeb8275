import { LINK_NAMES } from './cluster_schema.ts'
import { sameMeaning } from '../cib/meaning.ts'
import type { CorosyncCluster, CorosyncNode } from './cluster.ts'
import type { ClusterNode, ClusterWanted } from './cluster_schema.ts'

/**
 * What a difference asks for: a reload that a running cluster does not notice, a stop of the whole cluster, or nothing
 * that this may do by itself, since the live cluster is another one or has other nodes.
 */
export type Severity = 'reloadable' | 'restart' | 'different'

export interface ClusterDifference {
  readonly severity: Severity
  /** The option, as the declaration spells it: `totem.token`, `cluster_name`, `nodes`. */
  readonly what: string
  /** `totem.token 1000 → 3000` */
  readonly text: string
}

/** Which transport options pcs changes only while the cluster is stopped. */
const STOPPED = new Set(['ip_version', 'netmtu'])

/**
 * How a live cluster differs from the wanted one; options that are not mentioned may be anything. What needs what is
 * pcs's own judgement (pcs/lib/corosync/config_facade.py of 0.10 to 0.12).
 */
export function compareCluster(wanted: ClusterWanted, live: CorosyncCluster): ClusterDifference[] {
  const differences: ClusterDifference[] = []
  const check = (severity: Severity, what: string, is: string | undefined, want: string | undefined) => {
    if (want === undefined || sameMeaning(is ?? '', want)) return
    differences.push({ severity, what, text: `${what} ${is ?? '(unset)'} → ${want}` })
  }
  check('different', 'cluster_name', live.name, wanted.cluster_name)
  differences.push(...compareNodes(wanted, live))
  check('restart', 'transport', live.transport, wanted.transport)
  for (const [name, want] of Object.entries(wanted.transport_options)) {
    check(STOPPED.has(name) ? 'restart' : 'reloadable', `transport.${name}`, live.totem[name], want)
  }
  for (const [index, link] of wanted.links.entries()) {
    const number = Number(link.linknumber ?? index)
    for (const [name, want] of Object.entries(link)) {
      if (name === 'linknumber') continue
      check('restart', `link ${number}.${name}`, live.links.get(number)?.[LINK_NAMES[name] ?? name], want)
    }
  }
  for (const [name, want] of Object.entries(wanted.totem)) {
    check('reloadable', `totem.${name}`, live.totem[name], want)
  }
  for (const [name, want] of Object.entries(wanted.quorum)) {
    check('restart', `quorum.${name}`, live.quorum[name] ?? quorumDefault(name, live), want)
  }
  check('reloadable', 'crypto.cipher', live.crypto.cipher, wanted.crypto.cipher)
  check('reloadable', 'crypto.hash', live.crypto.hash, wanted.crypto.hash)
  check('reloadable', 'crypto.model', live.totem.crypto_model ?? 'nss', wanted.crypto.model)
  for (const [name, want] of Object.entries(wanted.compression)) {
    check('reloadable', `compression.${name}`, live.totem[`knet_compression_${name}`], want)
  }
  return differences
}

/** The gravest of several: what has to be done to get rid of them all. */
export function verdict(differences: readonly ClusterDifference[]): Severity | 'none' {
  const order = ['different', 'restart', 'reloadable'] as const
  return order.find((severity) => differences.some((one) => one.severity === severity)) ?? 'none'
}

/** Whether a member has the addresses that are wanted, link by link; those that are not mentioned may be any. */
export function hasAddresses(live: CorosyncNode, wanted: ClusterNode): boolean {
  const { addresses: is } = live
  if (wanted.addresses.length === 0) return true
  // pcs 0.9 writes names in the place of addresses, and what they lead to is no matter of the cluster.
  const isSame = (address: string, link: number): boolean =>
    address === wanted.addresses[link] || address === wanted.name
  return is.length === wanted.addresses.length && is.every(isSame)
}

function compareNodes(wanted: ClusterWanted, live: CorosyncCluster): ClusterDifference[] {
  const differences: ClusterDifference[] = []
  const missing = wanted.nodes.filter((node) => !live.nodes.some((one) => one.name === node.name))
  const extra = live.nodes.filter((node) => !wanted.nodes.some((one) => one.name === node.name))
  const names = (nodes: readonly { name: string }[]) => nodes.map((node) => node.name).join(', ')
  if (missing.length > 0 || extra.length > 0) {
    const text = `nodes ${names(live.nodes) || '(none)'} → ${names(wanted.nodes)}`
    differences.push({ severity: 'different', what: 'nodes', text })
  }
  for (const node of wanted.nodes) {
    const found = live.nodes.find((one) => one.name === node.name)
    if (found === undefined || hasAddresses(found, node)) continue
    const is = found.addresses
    const what = `addresses of ${node.name}`
    const text = `${what} ${is.join(', ')} → ${node.addresses.join(', ')}`
    differences.push({ severity: 'restart', what, text })
  }
  return differences
}

/** votequorum(5): all off, but that two_node turns wait_for_all on. */
function quorumDefault(name: string, live: CorosyncCluster): string | undefined {
  if (name === 'last_man_standing_window') return '10000'
  return name === 'wait_for_all' && live.quorum.two_node === '1' ? '1' : '0'
}
