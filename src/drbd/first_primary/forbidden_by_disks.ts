import type { FirstPrimaryQuestion, No, Objection } from './question.ts'
import type { DrbdNode } from '../resource_schema.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'
import { shownSignatures } from '../status/device_content.ts'

/** What the disks of one node forbid: every volume must have fresh metadata, and for a skipped sync nothing else. */
export function* forbiddenByDisks(
  { resource, how }: FirstPrimaryQuestion,
  declared: DrbdNode,
  { disks }: DrbdNodeReport,
  no: No,
): Generator<Objection> {
  if (declared.diskless) return
  for (const { volume } of resource.volumes) {
    const [disk, another] = disks.filter((one) => one.volume === volume)
    if (disk === undefined || another !== undefined || disk.metadata.kind === 'unknown') {
      const said = disk?.metadata.kind === 'unknown' ? `: ${disk.metadata.said}` : ''
      yield no(
        `the metadata of volume ${volume} are not known${said}`,
        'Read them: drbdadm show-gi, or dump-md when it is down.',
      )
    } else if (disk.metadata.kind !== 'just-created') {
      yield no(`volume ${volume} has no fresh metadata`, 'They are made before the first primary is chosen.')
    } else if (disk.metadata.nodeId !== undefined && disk.metadata.nodeId !== declared.node_id) {
      yield no(
        `the metadata of volume ${volume} are those of node_id ${disk.metadata.nodeId}, not ${declared.node_id}`,
        'Give the node its node_id back; it never changes.',
      )
    } else if (how === 'skip-sync') {
      const others = disk.content?.signatures.filter(({ type }) => type !== 'drbd')
      if (others === undefined || disk.content?.unreadable !== undefined) {
        yield no(
          `the disk of volume ${volume} is not known to be blank`,
          'Choose the full sync, or look at the disk again.',
        )
      } else if (others.length > 0) {
        yield no(
          `the disk of volume ${volume} is not blank: ${shownSignatures(others)}`,
          'Choose the full sync: skipping it leaves the nodes with different data.',
        )
      }
    }
  }
}
