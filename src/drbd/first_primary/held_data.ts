import type { FirstPrimaryQuestion, Objection } from './question.ts'
import { DATA_STATES } from './question.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'

/** One sign that this resource has data already, on a node or as a peer sees it. */
export interface DataSign {
  readonly node: string
  readonly fact: string
}

/** All signs of data, of any generation and in any volume. */
export function dataSigns(reports: readonly DrbdNodeReport[]): DataSign[] {
  return reports.filter((report) => report.reached).flatMap((report) => [...signsOf(report)])
}

function* signsOf({ node, resource, disks }: DrbdNodeReport): Generator<DataSign> {
  for (const { volume, metadata } of disks) {
    if (metadata.kind === 'data') {
      yield { node, fact: `volume ${volume} holds data of generation ${metadata.generation.current}` }
    }
  }
  if (resource === undefined) return
  if (resource.role === 'Primary') yield { node, fact: 'it is Primary' }
  for (const { volume, disk } of resource.volumes) {
    if (DATA_STATES.has(disk)) yield { node, fact: `volume ${volume} is ${disk}` }
  }
  for (const { peer, peerRole, volumes } of resource.connections) {
    if (peerRole === 'Primary') yield { node: peer, fact: `${node} sees it as Primary` }
    for (const { volume, peerDisk, replication } of volumes) {
      if (DATA_STATES.has(peerDisk)) {
        yield { node: peer, fact: `${node} sees its volume ${volume} as ${peerDisk}` }
      }
      if (replication !== 'Off' && replication !== 'Established') {
        yield { node, fact: `volume ${volume} is ${replication} with ${peer}` }
      }
    }
  }
}

/** A node with the newest data of every volume; undefined when there is none. */
export function holderOfAll({ resource, reports }: FirstPrimaryQuestion): string | undefined {
  const holds = (report: DrbdNodeReport, volume: number) =>
    report.resource?.volumes.some((one) => one.volume === volume && one.disk === 'UpToDate') === true &&
    report.disks.some((one) => one.volume === volume && one.metadata.kind === 'data')
  return reports.find(
    (report) => report.reached && resource.volumes.every(({ volume }) => holds(report, volume)),
  )?.node
}

/** Two nodes with data, of which one refuses the other: which data are right is for people to say. */
export function splitData({ resource, reports }: FirstPrimaryQuestion): Objection | undefined {
  const holders = new Set(
    reports
      .filter(({ reached, disks }) => reached && disks.some((disk) => disk.metadata.kind === 'data'))
      .map(({ node }) => node),
  )
  for (const { node, resource: state } of reports) {
    const alone = state?.connections.find((one) => one.state === 'StandAlone' && holders.has(one.peer))
    if (alone === undefined || !holders.has(node)) continue
    return {
      node,
      fact: `it is StandAlone towards ${alone.peer}, and both hold data: a split brain, or data of two origins`,
      remedy:
        'playbooks/heal-split-brain.yml shows both side by side, and with -e victim=NODE saves what only that one has, and heals. ' +
        `By hand, where data are to be lost: drbdadm disconnect ${resource.name}, ` +
        `drbdadm secondary ${resource.name}, drbdadm connect --discard-my-data ${resource.name}; ` +
        `on the other: drbdadm connect ${resource.name}.`,
    }
  }
  return undefined
}
