import type { No, Objection } from '../first_primary/question.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'
import type { HealQuestion } from './question.ts'
import { areConnected, nodesRelation, volumeRelation } from './relations.ts'

/** What keeps a survivor's data from becoming everybody's: they must be complete, in use or ready to be, and the others' too. */
export function* forbiddenBySurvivor(
  { resource: { name, volumes } }: HealQuestion,
  report: DrbdNodeReport,
  survivors: readonly DrbdNodeReport[],
  no: No,
): Generator<Objection> {
  const { resource: state } = report
  if (state === undefined) {
    yield no(`${name} is not up there`, `Bring it up: drbdadm adjust ${name}. Then run again.`)
    return
  }
  for (const { volume } of volumes) {
    const own = state.volumes.find((one) => one.volume === volume)
    if (own?.disk !== 'UpToDate')
      yield no(
        `volume ${volume} is ${own?.disk ?? 'not there'}, not UpToDate`,
        'A survivor must have all data. Mend its disk first, or name this node as the victim.',
      )
    if (own?.quorum === false)
      yield no(`volume ${volume} has no quorum`, 'Bring back the nodes that it lacks, the tiebreaker too.')
  }
  if (state.suspended)
    yield no(
      'its input and output are suspended',
      'Find out why (fencing that does not end, no quorum: drbdsetup status --verbose), and mend that first.',
    )
  for (const other of survivors) {
    if (other === report || areConnected(report, other)) continue
    yield no(
      `it is not connected to ${other.node}, which would survive too`,
      `Let the survivors be one first: heal, or connect, ${report.node} and ${other.node}; the victim may stay as it is.`,
    )
  }
}

/** What keeps a victim from losing its data. */
export function* forbiddenByVictim(
  { resource: { name, volumes }, uses }: HealQuestion,
  report: DrbdNodeReport,
  survivors: readonly DrbdNodeReport[],
  no: No,
): Generator<Objection> {
  const { node, module, resource: state } = report
  if (module === undefined) yield no('no DRBD module is loaded', 'Load it: modprobe drbd.')
  for (const other of survivors) {
    const relation = nodesRelation(report, other, volumes)
    if (relation === 'unrelated')
      yield no(
        `its data and those of ${other.node} have no generation in common: they are of two origins`,
        `Find out where its disk comes from. If nothing on it is needed, it is rebuilt: playbooks/rebuild-node.yml --limit ${node}.`,
      )
    if (areConnected(report, other))
      yield no(
        `it is connected to ${other.node}, and split from another`,
        `Both would have to lose their data. Where that is wanted: drbdadm disconnect ${name} on ${node}, and run again for one after the other.`,
      )
    for (const { volume } of volumes) {
      // The kernel discards only what is split, and would copy such a volume the other way (8.4; 9 below protocol 121).
      if (volumeRelation(report, other, volume) === 'newer')
        yield no(
          `volume ${volume} is not split: it has all that ${other.node} has, and more, and would be copied there`,
          `Decide for that volume by itself. To lose what ${node} has of it: drbdadm invalidate ${name}/${volume} there, and run again.`,
        )
    }
  }
  for (const { volume } of volumes) {
    const disk = state?.volumes.find((one) => one.volume === volume)?.disk
    if (state !== undefined && (disk === undefined || !WHOLE.has(disk)))
      yield no(
        `volume ${volume} is ${disk ?? 'not there'}: that is no copy whose blocks could be saved`,
        `Its disk is to be looked at first, or rebuilt: playbooks/rebuild-node.yml --limit ${node}.`,
      )
  }
  const users = uses.get(node) ?? []
  const isOpen = state?.volumes.some(({ open }) => open === true) === true
  if (users.length > 0 || isOpen)
    yield no(
      `${name} is in use there: ${users.length > 0 ? users.join(', ') : 'somebody has the device open'}`,
      `Or name the other node. Otherwise stop that first; what the cluster runs there goes on elsewhere, with the data of the others: crm_attribute --node ${node} --name standby --update on.`,
    )
}

const WHOLE = new Set(['UpToDate', 'Consistent', 'Outdated'])
