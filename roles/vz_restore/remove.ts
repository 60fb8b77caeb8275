import type { Nodes } from 'bringup'
import { behind } from '../../src/drbd/syncing.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { OLD_ETC, VZ } from '../../src/evacuation/vz_disk.ts'
import { writeMarker } from '../../src/evacuation/write_marker.ts'
import { drbdReport } from '../../src/operations/drbd_report.ts'
import type { EvacuationVars } from '../vz_evacuate/vars.ts'
import type { RestoreStep } from './decide.ts'

/** Removes the copy, once every node that has a disk says that it has all data; until then it says who has not. */
export async function removeCopy(
  members: Nodes<EvacuationVars>,
  from: string,
  resource: DrbdResource,
  { was, copy, onto }: Pick<Extract<RestoreStep, { kind: 'remove' }>, 'was' | 'copy' | 'onto'>,
): Promise<void> {
  const node = members.named(from).first
  const late = behind(resource, await members.map((member) => drbdReport(member, resource)))
  if (late.length > 0) {
    const who = late.map(({ name, disk }) => `${name} is ${disk}`).join(', ')
    node.note(`the copy of ${VZ} stays in ${copy.to} until all nodes are UpToDate (${who}); run again then`)
    return
  }
  await node.directory({ path: copy.to, state: 'absent', recursive: true })
  await members.each((member) => member.directory({ path: OLD_ETC, state: 'absent', recursive: true }))
  await writeMarker(node, { phase: 'restored', was, copy: null, onto })
}
