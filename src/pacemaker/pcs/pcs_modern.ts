import semver from 'semver'
import type { ClusterNode, ClusterWanted } from '../corosync/cluster_schema.ts'
import { nodeCommands } from './node_commands.ts'
import { HACLUSTER } from './dialect.ts'
import type { PcsDialect, PcsGeneration } from './dialect.ts'
import { cannot, chosen, pairs, waiting } from './refuse.ts'

const KNET_ONLY_LINK = [
  'linknumber',
  'link_priority',
  'ping_interval',
  'ping_precision',
  'ping_timeout',
  'pong_count',
  'transport',
]
const UDP_ONLY_LINK = ['bindnetaddr', 'broadcast', 'mcastaddr', 'ttl']

/** pcs 0.10, 0.11 and 0.12, for corosync 3. Their commands differ little here; source: pcs(8) of each. */
export function modernPcs(generation: Exclude<PcsGeneration, '0.9'>, version: string): PcsDialect {
  return {
    ...nodeCommands,
    generation,

    hostAuth: (nodes, user = HACLUSTER) => ({
      argv: ['pcs', 'host', 'auth', ...nodes.flatMap((node) => named(node, 1)), '-u', user],
      stdin: 'password',
    }),
    authStatus: (nodes) => ({ argv: ['pcs', 'status', 'pcsd', ...nodes] }),

    clusterSetup: (want, { force = false } = {}) => {
      refuseImpossible(want, version)
      const argv = ['pcs', 'cluster', 'setup', want.cluster_name]
      argv.push(...want.nodes.flatMap((node) => named(node)), ...transport(want))
      if (Object.keys(want.totem).length > 0) argv.push('totem', ...pairs(want.totem))
      if (Object.keys(want.quorum).length > 0) argv.push('quorum', ...pairs(want.quorum))
      return { argv: force ? [...argv, '--force'] : argv }
    },

    configUpdate: (want) => {
      if (semver.lt(version, '0.10.8')) {
        cannot(
          version,
          'change the options of a cluster that exists',
          'Update pcs to 0.10.8 or newer on all nodes.',
        )
      }
      const sections = {
        transport: want.transport_options,
        compression: want.compression,
        crypto: want.crypto,
        totem: want.totem,
      }
      const words = Object.entries(sections).flatMap(([name, options]) => {
        const given = pairs(options)
        return given.length === 0 ? [] : [name, ...given]
      })
      return { argv: ['pcs', 'cluster', 'config', 'update', ...words] }
    },

    nodeAdd: (node, { start = false, wait, enable = false, force = false } = {}) => {
      const flags = [...(start ? ['--start', ...waiting(wait)] : []), ...(enable ? ['--enable'] : [])]
      return {
        argv: ['pcs', 'cluster', 'node', 'add', ...named(node), ...flags, ...(force ? ['--force'] : [])],
      }
    },
    // Neither the dead node nor pcsd on it answers: --force for the quorum check, --skip-offline for the node.
    nodeRemove: (node, { dead = false } = {}) => ({
      argv: ['pcs', 'cluster', 'node', 'remove', node, ...(dead ? ['--force', '--skip-offline'] : [])],
    }),

    clusterStart: (nodes, { wait } = {}) => ({
      argv: ['pcs', 'cluster', 'start', ...chosen(nodes), ...waiting(wait)],
    }),
  }
}

/** `node addr=… addr=…`, as many addresses as are asked for. */
function named(node: ClusterNode, atMost = 8): string[] {
  return [node.name, ...node.addresses.slice(0, atMost).map((address) => `addr=${address}`)]
}

function transport(want: ClusterWanted): string[] {
  const words = [
    ...pairs(want.transport_options),
    ...want.links.flatMap((link) => ['link', ...pairs(link)]),
    ...section('compression', want.compression),
    ...section('crypto', want.crypto),
  ]
  if (want.transport === undefined && words.length === 0) return []
  return ['transport', want.transport ?? 'knet', ...words]
}

function section(name: string, options: Readonly<Record<string, string | undefined>>): string[] {
  const given = pairs(options)
  return given.length === 0 ? [] : [name, ...given]
}

function refuseImpossible(want: ClusterWanted, version: string): void {
  const kind = want.transport ?? 'knet'
  const unequal = want.nodes.filter((node) => node.addresses.length !== want.nodes[0]?.addresses.length)
  if (unequal.length > 0) {
    const names = unequal.map((node) => node.name).join(', ')
    cannot(
      version,
      `set up nodes with different numbers of addresses (${names})`,
      'Give every node one address per link.',
    )
  }
  const misplaced = kind === 'knet' ? UDP_ONLY_LINK : KNET_ONLY_LINK
  const options = want.links.flatMap((link) => Object.keys(link)).filter((name) => misplaced.includes(name))
  if (options.length > 0) {
    cannot(
      version,
      `set ${options.join(', ')} on a link of ${kind}`,
      'Take the link options of this transport: pcs(8), cluster setup.',
    )
  }
  if (kind === 'knet') {
    if (want.transport_options.netmtu !== undefined) {
      cannot(version, 'set netmtu with knet', 'Leave netmtu out: knet finds the MTU by itself.')
    }
    return
  }
  if (want.nodes.some((node) => node.addresses.length > 1)) {
    cannot(
      version,
      `use more than one link with ${kind}`,
      'Take transport knet, or give each node one address.',
    )
  }
  const encrypted = Object.entries(want.crypto).some(([, value]) => value !== undefined && value !== 'none')
  if (encrypted) cannot(version, `encrypt with ${kind}`, 'Take transport knet, or leave crypto out.')
  if (Object.keys(want.compression).length > 0) {
    cannot(version, `compress with ${kind}`, 'Take transport knet, or leave compression out.')
  }
  const knetOptions = ['link_mode', 'knet_pmtud_interval'].filter((name) => name in want.transport_options)
  if (knetOptions.length > 0) {
    cannot(version, `set ${knetOptions.join(', ')} with ${kind}`, 'Take transport knet, or leave it out.')
  }
}
