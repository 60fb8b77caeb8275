import type { Objection } from '../first_primary/question.ts'
import type { Relation } from '../relation.ts'
import { relationOf, relationOfAll } from '../relation.ts'
import { bitmapSlots } from '../resource_nodes.ts'
import type { Generation } from '../status/generation.ts'
import type { ComingVolume, RejoinQuestion, VolumeSizes } from './question.ts'
import { copiesOf, metadataOn, volumeOf } from './seen.ts'
import { diskFor, roomFor } from './size.ts'

type Answer = ({ readonly kind: 'coming' } & ComingVolume) | ({ readonly kind: 'refused' } & Objection)

/**
 * How a volume of the node comes back, by what stands on its disk and what the survivors hold. The survivors are known to
 * have data, all of them the newest.
 */
export function comingVolume(asked: RejoinQuestion, volume: number): Answer {
  const answer = byMetadata(asked, volume)
  if (answer.kind === 'coming' && answer.how === 'anew' && isUp(asked, volume))
    return {
      kind: 'refused',
      node: asked.target,
      fact: `volume ${volume} is up there, and ${answer.why}`,
      remedy: `Take it down there first (drbdadm down ${asked.resource.name}); then run this again.`,
    }
  const isCopied = answer.kind === 'coming' && ['blank', 'fresh', 'anew'].includes(answer.how)
  return (isCopied ? tooSmall(asked, volume) : undefined) ?? answer
}

const isUp = (asked: RejoinQuestion, volume: number): boolean =>
  (volumeOf(asked, asked.target, volume)?.disk ?? 'Diskless') !== 'Diskless'

function byMetadata(asked: RejoinQuestion, volume: number): Answer {
  const { resource, target: node } = asked
  const metadata = metadataOn(asked, node, volume) ?? { kind: 'unknown', said: 'nobody asked' }
  const coming = (how: ComingVolume['how'], why?: string): Answer => ({
    kind: 'coming',
    volume,
    how,
    ...(why === undefined ? {} : { why }),
  })
  const no = (fact: string, remedy: string): Answer => ({ kind: 'refused', node, fact, remedy })
  if (!isUp(asked, volume) && sizeOf(asked, volume).disk === undefined)
    return no(
      `there is no disk for volume ${volume}`,
      'Name the disk of the node in the inventory as it is there.',
    )
  if (metadata.kind === 'none') return coming('blank')
  if (metadata.kind === 'unread' || metadata.kind === 'unknown')
    return no(
      `which data are on the disk of volume ${volume} is not known${metadata.kind === 'unknown' ? `: ${metadata.said}` : ''}`,
      'See what drbdmeta … dump-md says of it; what cannot be read is neither trusted nor written over.',
    )
  const declared = resource.nodes.find(({ name }) => name === node)?.node_id
  if (metadata.nodeId !== undefined && metadata.nodeId !== declared)
    return coming('anew', `its metadata are those of node_id ${metadata.nodeId}, not ${declared}`)
  if (metadata.kind === 'just-created') return coming('fresh')
  const { generation } = metadata
  const theirs = copiesOf(asked).flatMap(({ name }) => {
    const copy = metadataOn(asked, name, volume)
    return copy?.kind === 'data' ? [copy.generation] : []
  })
  if (theirs.length < copiesOf(asked).length)
    return no(
      `whether volume ${volume} holds the data of the survivors is not known`,
      'Their generations must be read first: drbdadm get-gi.',
    )
  switch (worst(generation, theirs)) {
    case 'same':
      return theirs.some((one) => mightLead(generation, one))
        ? no(
            `volume ${volume} was in use there when it went down, and no survivor has taken over since: it may hold the last writes`,
            `Have a survivor take over first (start the cluster there, and write something), so that the data of ${node} become the older ones.`,
          )
        : coming('same')
    case 'older':
      return coming(theirs.every((one) => isCounted(generation, one)) ? 'partial' : 'full')
    case 'newer':
      return no(
        `volume ${volume} holds newer data than the survivors`,
        `These would be lost. Is ${node} the node that is to be rebuilt? If its data are the right ones, bring DRBD up there, and rebuild the others.`,
      )
    case 'diverged':
      return no(
        `volume ${volume} holds writes that the survivors do not have, and they have others: a split brain`,
        `Look at both, decide, and name the node that is to lose its writes: playbooks/heal-split-brain.yml -e victim=${node}.`,
      )
    case 'unrelated':
      return coming('anew', 'its data have no generation in common with those of the survivors')
    case undefined:
      return no(`nobody has data of volume ${volume}`, 'That is no rebuild.')
  }
}

/** To several survivors, which have the same data. */
const worst = (own: Generation, theirs: readonly Generation[]): Relation | undefined => {
  const relations = theirs.map((one) => relationOf(own, one))
  // Not to all of them the same: that is no disk from elsewhere.
  return relations.includes('unrelated') && relations.some((one) => one !== 'unrelated')
    ? 'diverged'
    : relationOfAll(relations)
}

/**
 * Whether DRBD would take the node for the source although both have the same generation (drbd_uuid_compare, rules 34 to
 * 40): it went down as a primary, or never heard of the end of a sync that went out from it.
 */
const mightLead = (own: Generation, theirs: Generation): boolean =>
  own.wasPrimary === true || own.bitmap.some((id) => !theirs.bitmap.includes(id))

/** Whether the survivor has counted what was written since: its bitmap began when the node was last there. */
const isCounted = (own: Generation, theirs: Generation): boolean =>
  theirs.bitmap.some(
    (id) =>
      relationOf({ ...own, bitmap: [], history: [] }, { ...theirs, current: id, bitmap: [], history: [] }) ===
      'same',
  )

const sizeOf = ({ sizes }: RejoinQuestion, volume: number): Partial<VolumeSizes> =>
  sizes.find((one) => one.volume === volume) ?? {}

function tooSmall(asked: RejoinQuestion, volume: number): Answer | undefined {
  const { resource, target: node } = asked
  const no = (fact: string, remedy: string): Answer => ({ kind: 'refused', node, fact, remedy })
  const { data, disk = 0 } = sizeOf(asked, volume)
  if (data === undefined)
    return no(
      `how large volume ${volume} is is not known`,
      'The survivors must tell the size of their DRBD device.',
    )
  const slots = bitmapSlots(resource)
  if (roomFor(disk, slots) >= data) return undefined
  return no(
    `the disk of volume ${volume} is too small: ${disk} bytes, of which its metadata leave ${roomFor(disk, slots)}`,
    `The survivors hold ${data} bytes: take a disk of at least ${diskFor(data, slots)}.`,
  )
}
