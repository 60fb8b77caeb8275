import { diskOf } from '../resource_nodes.ts'
import type { DrbdNode, DrbdResource } from '../resource_schema.ts'
import { quoted, section, settings } from './text.ts'

/** Where a resource's file belongs on every node; the same text on all. */
export function resourceFilePath(resource: Pick<DrbdResource, 'name'>): string {
  return `/etc/drbd.d/${resource.name}.res`
}

/** A resource as drbd.conf(5) text, for the driver that it names. */
export function renderResource(resource: DrbdResource): string {
  const is9 = resource.driver === '9'
  const fencing = resource.fencing === 'dont-care' ? undefined : resource.fencing
  const lines = section(`resource ${quoted(resource.name)}`, [
    ...section('options', settings(options(resource))),
    ...section(
      'net',
      settings({
        protocol: resource.protocol,
        fencing: is9 ? fencing : undefined,
        'verify-alg': resource.verify_alg,
        ...resource.net,
      }),
    ),
    ...section('disk', settings({ fencing: is9 ? undefined : fencing, ...resource.disk })),
    ...section('handlers', handlers(resource)),
    ...section('startup', settings(resource.startup)),
    ...resource.nodes.flatMap((node) => host(resource, node)),
    ...(resource.nodes.length > 2 ? mesh(resource.nodes) : []),
  ])
  return `${lines.join('\n')}\n`
}

function options({ driver, quorum, auto_promote: promote, options: given }: DrbdResource) {
  if (driver === '8.4') return given
  return {
    'auto-promote': promote === undefined ? undefined : promote ? 'yes' : 'no',
    quorum: quorum === 'off' ? undefined : String(quorum),
    // Pacemaker must see an error to act; suspended writes only hang (DRBD guide, quorum with Pacemaker).
    ...(quorum === 'off' ? {} : { 'on-no-quorum': 'io-error', 'on-no-data-accessible': 'io-error' }),
    ...given,
  }
}

/** With fencing, DRBD's own handlers for Pacemaker stand in for what is not given. */
function handlers({ driver, fencing, handlers: given }: DrbdResource): string[] {
  const own: Record<string, string> =
    driver === '9'
      ? {
          'fence-peer': '/usr/lib/drbd/crm-fence-peer.9.sh',
          'unfence-peer': '/usr/lib/drbd/crm-unfence-peer.9.sh',
        }
      : {
          'fence-peer': '/usr/lib/drbd/crm-fence-peer.sh',
          'after-resync-target': '/usr/lib/drbd/crm-unfence-peer.sh',
        }
  const all = fencing === 'dont-care' ? given : { ...own, ...given }
  return Object.entries(all).map(([name, command]) => `${name} ${quoted(command)};`)
}

function host({ driver, volumes }: DrbdResource, node: DrbdNode): string[] {
  const family = node.address.includes(':') ? `ipv6 [${node.address}]` : `ipv4 ${node.address}`
  return section(`on ${quoted(node.name)}`, [
    // Without it DRBD 9 hashes the addresses, and a changed address swaps the ids; 8.4 does not know the word.
    ...(driver === '9' ? [`node-id ${node.node_id};`] : []),
    `address ${family}:${node.port};`,
    ...volumes.flatMap((volume) => {
      const disk = diskOf(volume, node.name)
      return section(`volume ${volume.volume}`, [
        `device minor ${volume.minor};`,
        ...(disk === undefined ? ['disk none;'] : [`disk ${quoted(disk)};`, 'meta-disk internal;']),
      ])
    }),
  ])
}

/** Two nodes connect by themselves; more than two get no connection at all without this, and drbdadm exits 0. */
function mesh(nodes: readonly DrbdNode[]): string[] {
  return section('connection-mesh', [`hosts ${nodes.map(({ name }) => quoted(name)).join(' ')};`])
}
