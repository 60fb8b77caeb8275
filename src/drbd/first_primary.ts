import { forbidding } from './first_primary/forbidding.ts'
import { dataSigns, holderOfAll, splitData } from './first_primary/held_data.ts'
import type { FirstPrimaryQuestion, Objection } from './first_primary/question.ts'

export type FirstPrimary =
  /** Nobody has data: this node's content becomes everybody's, now, and never again. */
  | { readonly kind: 'force'; readonly on: string; readonly how: FirstPrimaryQuestion['how'] }
  | { readonly kind: 'none'; readonly because: string }
  | ({ readonly kind: 'refused' } & Objection)

/**
 * Whether, and where, the first primary of a resource is forced: `primary --force` for the full sync,
 * `new-current-uuid --clear-bitmap` for the skipped one. Both declare what stands on one disk to be the truth, so it
 * takes that all nodes answered, all are connected with all others, and every disk is just created: no generation of
 * data anywhere. Once data exist, it answers `none`, whoever holds them; anything between is refused with the fact.
 */
export function firstPrimary(question: FirstPrimaryQuestion): FirstPrimary {
  const strange = wrongReports(question)
  if (strange !== undefined) return { kind: 'refused', ...strange }
  const [sign] = dataSigns(question.reports)
  if (sign !== undefined) return withData(question, sign)
  const [fact] = forbidding(question)
  if (fact !== undefined) return { kind: 'refused', ...fact }
  // Without a name there is always a fact that forbids it.
  return { kind: 'force', on: question.wanted!, how: question.how }
}

function withData(question: FirstPrimaryQuestion, sign: { node: string; fact: string }): FirstPrimary {
  const split = splitData(question)
  if (split !== undefined) return { kind: 'refused', ...split }
  const holder = holderOfAll(question)
  if (holder !== undefined) return { kind: 'none', because: `${holder} has the data, UpToDate` }
  return {
    kind: 'refused',
    ...sign,
    remedy:
      'Data were there before, and no node within reach has all of them UpToDate: bring back the node that has. ' +
      'Forcing would make old or empty data the only ones.',
  }
}

/** Reports that are not one of each node: what is missing may be the node with the data. */
function wrongReports({ resource, reports }: FirstPrimaryQuestion): Objection | undefined {
  const names = resource.nodes.map(({ name }) => name)
  const remedy = 'Name all nodes of the resource in the inventory, and run on all of them.'
  for (const name of names) {
    const found = reports.filter(({ node }) => node === name).length
    if (found !== 1)
      return { node: name, fact: found === 0 ? 'nothing is known of it' : 'it is reported twice', remedy }
  }
  const stranger = reports.find(({ node }) => !names.includes(node))
  return stranger && { node: stranger.node, fact: 'it is none of the nodes of the resource', remedy }
}
