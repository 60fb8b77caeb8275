import { diskfulNodes } from '../resource_nodes.ts'
import type { DrbdNode } from '../resource_schema.ts'
import type { ConnectionState, DrbdNodeReport, PeerVolume, VolumeState } from '../status/node_report.ts'
import type { Metadata } from '../status/generation.ts'
import { TARGET } from './question.ts'
import type { RejoinQuestion } from './question.ts'

type Asked = Pick<RejoinQuestion, 'resource' | 'target' | 'reports'>

export const reportOf = ({ reports }: Pick<Asked, 'reports'>, name: string): DrbdNodeReport | undefined =>
  reports.find(({ node }) => node === name)

export const survivorsOf = ({ resource, target }: Pick<Asked, 'resource' | 'target'>): DrbdNode[] =>
  resource.nodes.filter(({ name }) => name !== target)

/** Those that hold the data. */
export const copiesOf = ({ resource, target }: Pick<Asked, 'resource' | 'target'>): DrbdNode[] =>
  diskfulNodes(resource).filter(({ name }) => name !== target)

export const connectionOf = (asked: Asked, from: string, to: string): ConnectionState | undefined =>
  reportOf(asked, from)?.resource?.connections.find(({ peer }) => peer === to)

export const isConnected = (asked: Asked, from: string, to: string): boolean =>
  connectionOf(asked, from, to)?.state === 'Connected'

/** What a node says of a volume towards another; undefined where they are not connected. */
export const towards = (asked: Asked, from: string, to: string, volume: number): PeerVolume | undefined =>
  isConnected(asked, from, to)
    ? connectionOf(asked, from, to)?.volumes.find((one) => one.volume === volume)
    : undefined

export const volumeOf = (asked: Asked, node: string, volume: number): VolumeState | undefined =>
  reportOf(asked, node)?.resource?.volumes.find((one) => one.volume === volume)

export const metadataOn = (asked: Asked, node: string, volume: number): Metadata | undefined =>
  reportOf(asked, node)?.disks.find((one) => one.volume === volume)?.metadata

/** Whether the node and all others are connected, hold all data, and copy nothing to it. */
export function isInStep(asked: Asked): boolean {
  const { target, resource } = asked
  const volumes = resource.volumes.map(({ volume }) => volume)
  const others = survivorsOf(asked).map(({ name }) => name)
  const areLinked = others.every(
    (name) =>
      isConnected(asked, target, name) &&
      isConnected(asked, name, target) &&
      volumes.every((volume) => !TARGET.has(towards(asked, target, name, volume)?.replication ?? 'Off')),
  )
  const holders = diskfulNodes(resource).map(({ name }) => name)
  return (
    areLinked &&
    volumes.every((volume) => holders.every((name) => volumeOf(asked, name, volume)?.disk === 'UpToDate'))
  )
}
