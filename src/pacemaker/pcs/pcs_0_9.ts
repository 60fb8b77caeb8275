import { BringupError } from '../../errors.ts'
import type { ClusterNode, ClusterWanted } from '../corosync/cluster_schema.ts'
import { nodeCommands } from './node_commands.ts'
import { HACLUSTER } from './dialect.ts'
import type { PcsDialect } from './dialect.ts'
import { cannot, chosen, waiting } from './refuse.ts'

const TOTEM = ['token', 'token_coefficient', 'join', 'consensus', 'miss_count_const', 'fail_recv_const']

/**
 * pcs 0.9, for corosync 2 (RHEL 7, OpenVZ 7). A node's name is its address on the first ring, so the name must resolve
 * to it; a second address is that of the redundant ring. Source: pcs(8) of 0.9.
 */
export function pcs09(version: string): PcsDialect {
  return {
    ...nodeCommands,
    generation: '0.9',

    hostAuth: (nodes, user = HACLUSTER) => ({
      argv: ['pcs', 'cluster', 'auth', ...nodes.map((node) => node.name), '-u', user],
      stdin: 'password',
    }),
    authStatus: (nodes) => ({ argv: ['pcs', 'cluster', 'pcsd-status', ...nodes] }),

    clusterSetup: (want, { force = false } = {}) => {
      refuseImpossible(want, version)
      const kind = want.transport ?? 'udpu'
      const argv = ['pcs', 'cluster', 'setup', '--name', want.cluster_name, ...want.nodes.map(ringNames)]
      argv.push('--transport', kind, ...rings(want, kind))
      for (const options of [want.totem, want.quorum]) {
        for (const [name, value] of Object.entries(options))
          if (value !== undefined) argv.push(`--${name}=${value}`)
      }
      if (want.transport_options.ip_version === 'ipv6') argv.push('--ipv6')
      if (isEncrypted(want)) argv.push('--encryption', '1')
      return { argv: force ? [...argv, '--force'] : argv }
    },

    configUpdate: () =>
      cannot(
        version,
        'change the options of a cluster that exists',
        'Change corosync.conf on all nodes by hand and restart corosync, one node after the other.',
      ),

    nodeAdd: (node, { start = false, wait, enable = false, force = false } = {}) => {
      const flags = [...(start ? ['--start', ...waiting(wait)] : []), ...(enable ? ['--enable'] : [])]
      return {
        argv: ['pcs', 'cluster', 'node', 'add', ringNames(node), ...flags, ...(force ? ['--force'] : [])],
      }
    },
    nodeRemove: (node, { dead = false } = {}) => ({
      argv: ['pcs', 'cluster', 'node', 'remove', node, ...(dead ? ['--force'] : [])],
    }),

    clusterStart: (nodes, { wait } = {}) => ({
      argv: ['pcs', 'cluster', 'start', ...chosen(nodes), ...waiting(wait)],
    }),
  }
}

/** `node,second-address`. */
function ringNames(node: ClusterNode): string {
  return [node.name, ...node.addresses.slice(1)].join(',')
}

/** With udp the rings are networks: `--addr0 NET --mcast0 ADDRESS --mcastport0 PORT --ttl0 TTL`. */
function rings(want: ClusterWanted, kind: string): string[] {
  if (kind !== 'udp')
    return want.nodes.some((node) => node.addresses.length > 1) ? ['--rrpmode', 'passive'] : []
  const words = want.links.flatMap((link, number) => {
    const named = { addr: link.bindnetaddr, mcast: link.mcastaddr, mcastport: link.mcastport, ttl: link.ttl }
    const set = Object.entries(named).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}${number}`, value],
    )
    return link.broadcast === '1' || link.broadcast === 'yes' ? [...set, `--broadcast${number}`] : set
  })
  return want.links.length > 1 ? ['--rrpmode', 'passive', ...words] : words
}

function isEncrypted(want: ClusterWanted): boolean {
  const { cipher, hash } = want.crypto
  return [cipher, hash].some((value) => value !== undefined && value !== 'none')
}

function refuseImpossible(want: ClusterWanted, version: string): void {
  if (want.transport === 'knet') {
    cannot(version, 'set up the transport knet', 'Take transport udpu: corosync 2 has no knet.')
  }
  const links = Math.max(...want.nodes.map((node) => node.addresses.length))
  if (links > 2)
    cannot(version, `use ${links} links`, 'Give each node at most two addresses: corosync 2 has two rings.')
  if (want.nodes.some((node) => Math.max(node.addresses.length, 1) !== Math.max(links, 1))) {
    cannot(
      version,
      'set up nodes with different numbers of addresses',
      'Give every node one address per link.',
    )
  }
  if (want.transport !== 'udp' && want.links.some((link) => Object.keys(link).length > 0)) {
    cannot(version, 'set link options with udpu', 'Leave links out, or take transport udp.')
  }
  const knetOnly = want.links.flatMap((link) =>
    Object.keys(link).filter(
      (name) => !['bindnetaddr', 'broadcast', 'mcastaddr', 'mcastport', 'ttl'].includes(name),
    ),
  )
  if (knetOnly.length > 0)
    cannot(version, `set ${knetOnly.join(', ')} on a link`, 'Leave it out: corosync 2 does not know it.')
  const totem = Object.keys(want.totem).filter((name) => !TOTEM.includes(name))
  if (totem.length > 0)
    cannot(version, `set the totem options ${totem.join(', ')}`, `It knows ${TOTEM.join(', ')}.`)
  const others = Object.keys(want.transport_options).filter((name) => name !== 'ip_version')
  if (others.length > 0) cannot(version, `set the transport options ${others.join(', ')}`, 'Leave them out.')
  if (Object.keys(want.compression).length > 0) cannot(version, 'compress', 'Leave compression out.')
  refuseOtherCrypto(want, version)
}

/** `--encryption 1` is secauth: aes256 and sha1, and nothing else can be asked for. */
function refuseOtherCrypto(want: ClusterWanted, version: string): void {
  const { cipher = 'aes256', hash = 'sha1' } = want.crypto
  if (!isEncrypted(want)) return
  if (cipher === 'aes256' && hash === 'sha1') return
  throw new BringupError('REFUSED', `pcs ${version} cannot encrypt with ${cipher} and ${hash}`, {
    expected: 'cipher aes256 with hash sha1, which is what secauth is',
    remedy: 'Declare crypto: { cipher: aes256, hash: sha1 }, or leave it out for none.',
  })
}
