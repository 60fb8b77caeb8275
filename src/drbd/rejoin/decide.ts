import type { Objection } from '../first_primary/question.ts'
import { comingVolume } from './coming_volume.ts'
import { directionOfVolume } from './direction.ts'
import { forbiddenBySurvivors } from './forbidden_by_survivors.ts'
import { forbiddenByModules, forbiddenByTarget } from './forbidden_by_target.ts'
import type { ComingVolume, RejoinQuestion } from './question.ts'
import { TARGET } from './question.ts'
import { copiesOf, isConnected, survivorsOf, towards, volumeOf } from './seen.ts'

export type Rejoin =
  /** Connected with all, and UpToDate. */
  | { readonly kind: 'nothing' }
  /** It is on its way back, the right way. */
  | { readonly kind: 'syncing' }
  /** Brought up and connected, each volume in its way. */
  | { readonly kind: 'connect'; readonly volumes: readonly ComingVolume[] }
  | ({ readonly kind: 'refused' } & Objection)

/**
 * How a node comes back to the data of its survivors: after its disk or all of it was lost, or after it was away. Only
 * where DRBD, once connected, can but copy to it: nothing is ever taken from it, and metadata are made on none but it, and
 * only while every survivor has all of the data. Anything else is refused with the fact.
 */
export function decideRejoin(asked: RejoinQuestion): Rejoin {
  const [objection] = objections(asked)
  if (objection !== undefined) return { kind: 'refused', ...objection }
  const { resource, target } = asked
  const own = resource.nodes.find(({ name }) => name === target)
  const survivors = survivorsOf(asked)
  const isEverywhere = survivors.every(({ name }) => isConnected(asked, target, name))
  if (own?.diskless) return isEverywhere ? { kind: 'nothing' } : { kind: 'connect', volumes: [] }
  const answers = resource.volumes.map(({ volume }) => answerFor(asked, volume))
  const refused = answers.find((answer) => answer.kind === 'refused')
  if (refused !== undefined) return refused
  const volumes = answers.flatMap(({ kind, ...rest }) => (kind === 'coming' ? [rest as ComingVolume] : []))
  if (volumes.length > 0 || !isEverywhere) return { kind: 'connect', volumes }
  return answers.some(({ kind }) => kind === 'syncing') ? { kind: 'syncing' } : { kind: 'nothing' }
}

type Answer = ReturnType<typeof comingVolume> | { readonly kind: 'there' | 'syncing' }

function answerFor(asked: RejoinQuestion, volume: number): Answer {
  const { target: node } = asked
  const copies = copiesOf(asked)
  if (directionOfVolume(asked, volume) === 'wrong')
    return {
      kind: 'refused',
      node,
      fact: `volume ${volume} is copied from it to a survivor`,
      remedy: `If its data are not the right ones, at once on ${node}: drbdadm disconnect ${asked.resource.name}.`,
    }
  const disk = volumeOf(asked, node, volume)?.disk ?? 'Diskless'
  const isAttached = disk !== 'Diskless'
  if (!isAttached || !copies.every(({ name }) => isConnected(asked, node, name)))
    return comingVolume(asked, volume)
  const replications = copies.map(({ name }) => towards(asked, node, name, volume)?.replication ?? 'Off')
  if (replications.some((one) => TARGET.has(one))) return { kind: 'syncing' }
  if (disk === 'UpToDate') return { kind: 'there' }
  return {
    kind: 'refused',
    node,
    fact: `volume ${volume} is ${disk} and connected (${replications.join(', ')}), and nothing is copied to it`,
    remedy: 'See the kernel log of both (journalctl -k), and whether a sync was paused: drbdadm resume-sync.',
  }
}

function* objections(asked: RejoinQuestion): Generator<Objection> {
  yield* wrongQuestion(asked)
  yield* forbiddenByTarget(asked)
  yield* forbiddenBySurvivors(asked)
  yield* forbiddenByModules(asked)
}

/** Reports that are not one of each node: what is missing may be the node with the data. */
function* wrongQuestion(asked: RejoinQuestion): Generator<Objection> {
  const { resource, target, reports } = asked
  const names = resource.nodes.map(({ name }) => name)
  const remedy = 'Name all nodes of the resource in the inventory, as they call themselves.'
  if (!names.includes(target))
    yield { node: target, fact: `it is none of the nodes of ${resource.name}`, remedy }
  for (const name of names) {
    const found = reports.filter(({ node }) => node === name).length
    if (found !== 1)
      yield { node: name, fact: found === 0 ? 'nothing is known of it' : 'it is reported twice', remedy }
  }
  const stranger = reports.find(({ node }) => !names.includes(node))
  if (stranger !== undefined)
    yield { node: stranger.node, fact: `it is none of the nodes of ${resource.name}`, remedy }
  if (names.includes(target) && copiesOf(asked).length === 0)
    yield { node: target, fact: 'no other node is to hold the data', remedy }
}
