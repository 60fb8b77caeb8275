import { LINK_NAMES } from './cluster_schema.ts'
import { renderConf } from './conf.ts'
import type { Entry, Section } from './conf.ts'
import type { WrittenCluster } from './written_schema.ts'
import { isAtLeast } from './version.ts'
import type { CorosyncVersion } from './version.ts'

export interface ConfFor {
  /** Of the corosync that is to read it. */
  readonly version: CorosyncVersion
  /** What the node binds to on each link (`bindnetaddr`), where the links do not say. Only udp needs it. */
  readonly bind?: readonly string[]
  /** The file that is there: its sections of which nothing is known here stay, as `resources` with the watchdog. */
  readonly before?: Section
}

const OWN = new Set(['totem', 'nodelist', 'quorum', 'logging'])

/** corosync.conf of a cluster, for one of its nodes: the same on all nodes of one network. */
export function confOf(cluster: WrittenCluster, { version, bind = [], before }: ConfFor): Section {
  const kept = (before?.entries ?? []).filter((entry) => !('name' in entry) || !OWN.has(entry.name))
  const own = [totem(cluster, version, bind), nodelist(cluster), quorum(cluster), logging(cluster, version)]
  return { name: '', entries: [...own, ...kept] }
}

export const confText = (cluster: WrittenCluster, node: ConfFor): string => renderConf(confOf(cluster, node))

export type Transport = NonNullable<WrittenCluster['transport']>

export function transportOf({ transport }: WrittenCluster, version: CorosyncVersion): Transport {
  return transport ?? (isAtLeast(version, [3, 0]) ? 'knet' : 'udpu')
}

/** Cipher and hash; `none` of both where the transport cannot encrypt. */
export function cryptoOf(
  cluster: WrittenCluster,
  version: CorosyncVersion,
): { readonly cipher: string; readonly hash: string } {
  const can = transportOf(cluster, version) === 'knet' || !isAtLeast(version, [3, 0])
  const { cipher, hash } = cluster.crypto
  // Encryption needs a hash too, and without one of both nothing is done with the other.
  if (cipher === 'none' && hash === undefined) return { cipher, hash: cipher }
  return { cipher: cipher ?? (can ? 'aes256' : 'none'), hash: hash ?? (can ? 'sha256' : 'none') }
}

function totem(cluster: WrittenCluster, version: CorosyncVersion, bind: readonly string[]): Section {
  const transport = transportOf(cluster, version)
  const { cipher, hash } = cryptoOf(cluster, version)
  const rings = Math.max(...cluster.nodes.map(({ addresses }) => addresses.length))
  const compression = Object.entries(cluster.compression).map(([name, one]) => [
    `knet_compression_${name}`,
    one,
  ])
  return {
    name: 'totem',
    entries: [
      ...options({
        version: '2',
        cluster_name: cluster.cluster_name,
        transport,
        crypto_cipher: cipher,
        crypto_hash: hash,
        crypto_model: cluster.crypto.model,
        // Two rings are of use to corosync 2 only where it is told how to use them.
        rrp_mode: !isAtLeast(version, [3, 0]) && rings > 1 ? 'passive' : undefined,
        ...cluster.transport_options,
        ...cluster.totem,
        block_unlisted_ips: yesNo(cluster.totem.block_unlisted_ips),
        ...Object.fromEntries(compression),
      }),
      ...interfaces(cluster, version, bind),
    ],
  }
}

function interfaces(cluster: WrittenCluster, version: CorosyncVersion, bind: readonly string[]): Section[] {
  const isUdp = transportOf(cluster, version) === 'udp'
  const count = Math.max(cluster.links.length, isUdp ? bind.length : 0)
  const number = isAtLeast(version, [3, 0]) ? 'linknumber' : 'ringnumber'
  return Array.from({ length: count }, (_, index) => {
    const { linknumber, ...link } = cluster.links[index] ?? {}
    const named = Object.entries(link).map(([name, one]) => [
      LINK_NAMES[name] ?? name,
      name === 'broadcast' ? yesNo(one) : one,
    ])
    return {
      name: 'interface',
      entries: options({
        [number]: linknumber ?? String(index),
        bindnetaddr: isUdp ? bind[index] : undefined,
        ...Object.fromEntries(named),
      }),
    }
  })
}

/** corosync wants a word there. */
const yesNo = (one: string | undefined): string | undefined =>
  one === '1' ? 'yes' : one === '0' ? 'no' : one

function nodelist({ nodes }: WrittenCluster): Section {
  return {
    name: 'nodelist',
    entries: nodes.map(({ name, id, addresses }) => ({
      name: 'node',
      entries: options({
        ...Object.fromEntries(addresses.map((address, ring) => [`ring${ring}_addr`, address])),
        name,
        nodeid: String(id),
      }),
    })),
  }
}

function quorum({ quorum: wanted, nodes }: WrittenCluster): Section {
  const { provider, two_node: pair = nodes.length === 2, ...rest } = wanted
  const more = Object.entries(rest).map(([name, one]) => [name, typeof one === 'boolean' ? bit(one) : one])
  return {
    name: 'quorum',
    entries: options({
      provider,
      two_node: pair ? '1' : undefined,
      ...(Object.fromEntries(more) as Record<string, string>),
    }),
  }
}

const bit = (on: boolean): string => (on ? '1' : '0')

function logging({ logging: wanted }: WrittenCluster, version: CorosyncVersion): Section {
  const yes = (on: boolean): string => (on ? 'yes' : 'no')
  const on = (is: boolean): string => (is ? 'on' : 'off')
  const { logfile, timestamp } = wanted
  return {
    name: 'logging',
    entries: options({
      to_stderr: 'no',
      to_logfile: yes(logfile !== undefined),
      logfile,
      to_syslog: yes(wanted.to_syslog),
      timestamp: timestamp === 'hires' && !isAtLeast(version, [3, 0]) ? 'on' : timestamp,
      debug: on(wanted.debug),
      fileline: on(wanted.fileline),
    }),
  }
}

function options(all: Readonly<Record<string, string | number | undefined>>): Entry[] {
  return Object.entries(all).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: String(value) }],
  )
}
