import type { ResourceState } from './status/node_report.ts'

/** What would be in one copy less, or in none, if a node took its DRBD down, in words; empty where others have it all. */
export function atRisk(resources: readonly ResourceState[]): string[] {
  return resources.flatMap(({ name, role, volumes, connections }) => [
    ...(role === 'Primary' ? [`${name} is Primary here`] : []),
    ...volumes
      .filter(({ volume, disk }) => {
        const isCopy = disk !== 'Diskless'
        const others = connections.flatMap((one) => one.volumes.filter((peer) => peer.volume === volume))
        return isCopy && !others.some(({ peerDisk }) => peerDisk === 'UpToDate')
      })
      .map(({ volume }) => `nobody else is known to have volume ${volume} of ${name} UpToDate`),
  ])
}
