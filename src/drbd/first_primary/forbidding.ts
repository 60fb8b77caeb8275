import type { FirstPrimaryQuestion, No, Objection } from './question.ts'
import type { DrbdNode } from '../resource_schema.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'
import { forbiddenByConnections } from './forbidden_by_connections.ts'
import { forbiddenByDisks } from './forbidden_by_disks.ts'

/**
 * Each fact that forbids to force a first primary on nodes that show no data; none when all is as it must be. Causes
 * come before what follows from them: a node that is away, before the connections to it.
 */
export function* forbidding(question: FirstPrimaryQuestion): Generator<Objection> {
  const { resource, wanted } = question
  if (wanted === undefined) {
    yield {
      node: undefined,
      fact: 'no node is named as the first primary',
      remedy: "Name in first_primary the node whose disk is to become everybody's.",
    }
  }
  const chosen = resource.nodes.find((node) => node.name === wanted)
  if (wanted !== undefined && (chosen === undefined || chosen.diskless)) {
    yield {
      node: wanted,
      fact: chosen === undefined ? 'it is none of the nodes of the resource' : 'it is diskless',
      remedy: 'Name one of the nodes with disks as the first primary.',
    }
  }
  for (const look of [away, ofKernel, ofVolumes, forbiddenByDisks, forbiddenByConnections]) {
    for (const declared of resource.nodes) {
      const report = question.reports.find((one) => one.node === declared.name)
      if (report === undefined) continue
      const no: No = (fact, remedy) => ({ node: declared.name, fact, remedy })
      yield* look(question, declared, report, no)
    }
  }
}

function* away(
  _question: FirstPrimaryQuestion,
  _declared: DrbdNode,
  report: DrbdNodeReport,
  no: No,
): Generator<Objection> {
  if (!report.reached)
    yield no('it could not be reached', 'Bring it back; it may hold the only copy of the data.')
}

function* ofKernel(
  { resource: { name } }: FirstPrimaryQuestion,
  _declared: DrbdNode,
  { module, resource: state }: DrbdNodeReport,
  no: No,
): Generator<Objection> {
  if (module === undefined) yield no('no DRBD module is loaded', 'Load it: modprobe drbd.')
  if (state === undefined || state.name !== name) {
    yield no(`${name} is not up there`, `Bring it up: drbdadm adjust ${name}.`)
    return
  }
  if (state.role !== 'Secondary') {
    yield no(`it is ${state.role}`, `Close what uses the device, then: drbdadm secondary ${name}.`)
  }
  if (state.suspended)
    yield no('its input and output are suspended', 'Find out why: drbdsetup status --verbose.')
}

function* ofVolumes(
  { resource }: FirstPrimaryQuestion,
  declared: DrbdNode,
  { resource: state }: DrbdNodeReport,
  no: No,
): Generator<Objection> {
  if (state === undefined) return
  const numbers = (volumes: readonly { volume: number }[]) =>
    volumes
      .map(({ volume }) => volume)
      .toSorted((one, other) => one - other)
      .join(', ')
  const is = numbers(state.volumes)
  if (is !== numbers(resource.volumes)) {
    yield no(`it has the volumes ${is || '(none)'}`, `Bring them in line: drbdadm adjust ${resource.name}.`)
  }
  const must = declared.diskless ? 'Diskless' : 'Inconsistent'
  for (const { volume, disk, quorum, open } of state.volumes) {
    if (disk !== must) {
      yield no(`volume ${volume} is ${disk}, not ${must}`, 'See drbdadm status and the kernel log for why.')
    }
    if (quorum === false) yield no(`volume ${volume} has no quorum`, 'Bring back the other nodes.')
    if (open === true) yield no(`volume ${volume} is open`, 'See who has it open: fuser -vm; and close it.')
  }
}
