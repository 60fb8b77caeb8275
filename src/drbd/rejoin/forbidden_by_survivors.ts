import type { No, Objection } from '../first_primary/question.ts'
import type { DrbdNode } from '../resource_schema.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'
import type { RejoinQuestion } from './question.ts'
import { connectionOf, metadataOn, reportOf, survivorsOf } from './seen.ts'

/**
 * Each fact about the survivors that forbids to bring the node back: they must all be there, agree, and have all of the
 * data, for what they have is what the node gets.
 */
export function* forbiddenBySurvivors(asked: RejoinQuestion): Generator<Objection> {
  const survivors = survivorsOf(asked)
  for (const look of [away, ofKernel, ofData, ofOthers]) {
    for (const survivor of survivors) {
      const report = reportOf(asked, survivor.name)
      if (report === undefined) continue
      const no: No = (fact, remedy) => ({ node: survivor.name, fact, remedy })
      yield* look(asked, survivor, report, no)
    }
  }
}

type Look = (
  asked: RejoinQuestion,
  survivor: DrbdNode,
  report: DrbdNodeReport,
  no: No,
) => Generator<Objection>

const away: Look = function* (_asked, _survivor, { reached }, no) {
  if (!reached)
    yield no(
      'it could not be reached',
      'Bring it back first: it may hold data that no other node has. One that is no more is taken out of the inventory.',
    )
}

const ofKernel: Look = function* (
  { resource: { name, volumes } },
  _survivor,
  { module, resource: state },
  no,
) {
  if (module === undefined) {
    yield no('no DRBD module is loaded', 'Bring this node to work first: it is to give the data.')
    return
  }
  if (state === undefined) {
    yield no(
      `${name} is not up there`,
      `Bring it up (drbdadm adjust ${name}) and look at what it has; it is to give the data.`,
    )
    return
  }
  if (state.suspended)
    yield no(
      'its input and output are suspended',
      'Find out why (drbdsetup status --verbose): fencing that was never confirmed, or no quorum. End that first.',
    )
  const numbers = (list: readonly { volume: number }[]) =>
    list
      .map(({ volume }) => volume)
      .toSorted((one, other) => one - other)
      .join(', ')
  if (numbers(state.volumes) !== numbers(volumes))
    yield no(
      `it has the volumes ${numbers(state.volumes) || '(none)'}, not ${numbers(volumes)}`,
      'Name in the inventory what the survivors have.',
    )
  for (const { volume, quorum } of state.volumes)
    if (quorum === false)
      yield no(
        `volume ${volume} has no quorum`,
        'Bring back the other nodes, or the tiebreaker; until then nobody knows whose data count.',
      )
}

const ofData: Look = function* (asked, { name: survivor, diskless }, { resource: state }, no) {
  if (diskless || state === undefined) return
  const remedy = wrongNode(asked) ?? 'Only what is UpToDate is given to another node: see drbdadm status.'
  for (const { volume } of asked.resource.volumes) {
    const metadata = metadataOn(asked, survivor, volume)
    const disk = state.volumes.find((one) => one.volume === volume)?.disk
    if (metadata?.kind === 'just-created')
      yield no(
        `volume ${volume} has just been created there and holds no data`,
        wrongNode(asked) ??
          'No node holds data: that is no rebuild. The first start of all nodes is drbd-cluster.yml; where data are expected, stop here and look for their disk.',
      )
    else if (disk !== 'UpToDate') yield no(`volume ${volume} is ${disk ?? 'not there'}, not UpToDate`, remedy)
    else if (metadata?.kind !== 'data') {
      const said = metadata?.kind === 'unknown' ? `: ${metadata.said}` : ''
      yield no(
        `which data volume ${volume} holds is not known${said}`,
        'Its generation must be read: drbdadm get-gi.',
      )
    }
  }
}

/** The one that has the data may be the one that was limited to. */
function wrongNode(asked: RejoinQuestion): string | undefined {
  const { resource, target } = asked
  const report = reportOf(asked, target)
  const holds =
    report?.resource?.volumes.some(({ disk }) => disk === 'UpToDate') === true ||
    report?.disks.some(({ metadata }) => metadata.kind === 'data') === true
  if (!holds) return undefined
  const others = survivorsOf(asked).map(({ name }) => name)
  return (
    `${target} does hold data of ${resource.name}. Is it the node that is to be rebuilt? ` +
    `If another one is meant: --limit ${others.join(' or --limit ')}.`
  )
}

const ofOthers: Look = function* (asked, { name: survivor }, _report, no) {
  const { resource, target } = asked
  for (const { name: other } of survivorsOf(asked)) {
    const state = connectionOf(asked, survivor, other)?.state
    if (other !== survivor && state !== 'Connected')
      yield no(
        `it is ${state ?? 'without a connection'} to ${other}`,
        `Connect the survivors first, and let them agree: drbdadm status ${resource.name}.`,
      )
  }
  // A copied machine, or one with a swapped address: what this node sees is not what bringup works on.
  const sees = connectionOf(asked, survivor, target)
  const back = connectionOf(asked, target, survivor)
  if (sees?.state === 'Connected' && back?.state !== 'Connected')
    yield no(
      `it is connected with a ${target} that is not the one which answered here (${back?.state ?? 'not up'})`,
      `See who has the replication address of ${target}: drbdsetup status, ip neighbour. If it has only just gone down, run this again.`,
    )
}
