import { copiesOf } from '../drbd/health/copies.ts'
import type { DrbdGroup } from '../drbd/health/groups.ts'
import type { SharedResource } from '../drbd/health/shared.ts'

/** DRBD for programs: states in DRBD's own words, sizes in KiB, times in seconds; null where nobody could tell. */
export function drbdJson({ hosts, resources, findings }: DrbdGroup): unknown {
  return {
    findings,
    hosts: hosts.map(({ host, drbd, versions }) => ({
      host,
      module: drbd.module ?? null,
      moduleOnDisk: drbd.installed ?? null,
      utils: versions.drbdUtils,
    })),
    resources: resources.map(resourceJson),
  }
}

function resourceJson(resource: SharedResource): unknown {
  const configured = resource.nodes.find((node) => node.configured !== undefined)?.configured
  return {
    name: resource.name,
    quorum: configured === undefined ? null : (configured.quorum ?? 'off'),
    fencing: configured === undefined ? null : (configured.fencing ?? 'dont-care'),
    nodes: resource.nodes.map(({ name, drbdName, asked, state }) => ({
      host: name,
      node: drbdName,
      asked,
      up: asked === 'yes' ? state !== undefined : null,
      role: state?.role ?? null,
      suspended: state?.suspended ?? null,
      volumes: (state?.volumes ?? []).map(({ volume, minor, disk, quorum, size }) => ({
        volume,
        minor: minor ?? null,
        disk,
        quorum: quorum ?? null,
        size: size ?? null,
      })),
      connections: (state?.connections ?? []).map(({ peer, state: connection, peerRole, volumes }) => ({
        peer:
          resource.nodes.find((other) => other.drbdName === peer)?.name ??
          (peer === 'peer' && resource.nodes.length === 2
            ? resource.nodes.find((other) => other.name !== name)?.name
            : peer),
        state: connection,
        peerRole,
        volumes: volumes.map(({ volume, replication, peerDisk, outOfSync }) => ({
          volume,
          replication,
          peerDisk,
          outOfSync: outOfSync ?? null,
        })),
      })),
    })),
    copies: copiesOf(resource).map(({ kind, volume, from, to, progress, left }) => ({
      kind,
      volume,
      from: from.name,
      to: to.name,
      percent: progress?.percent ?? null,
      rate: progress?.rate ?? null,
      secondsLeft: progress?.secondsLeft ?? null,
      outOfSync: left ?? null,
    })),
  }
}
