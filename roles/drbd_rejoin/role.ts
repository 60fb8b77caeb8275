import { defineRole } from 'bringup'
import { diskfulNodes } from '../../src/drbd/resource_nodes.ts'
import { comingVolume } from '../../src/drbd/rejoin/coming_volume.ts'
import type { ComingVolume } from '../../src/drbd/rejoin/question.ts'
import { drbdConfig } from '../../src/operations/drbd_config.ts'
import { startAtBoot } from '../drbd_resource/at_boot.ts'
import { itsChanges } from '../drbd_resource/its_changes.ts'
import { itsName } from '../drbd_resource/its_name.ts'
import { metadataOf } from '../drbd_resource/metadata.ts'
import type { MetadataWanted } from '../drbd_resource/metadata.ts'
import { waitForSync } from '../initial_primary/sync.ts'
import { comeBack } from './come_back.ts'
import { compareConfig } from './compare.ts'
import { decide, told } from './decision.ts'
import type { Decision } from './decision.ts'
import { letIn } from './let_in.ts'
import { lookAll } from './look.ts'
import { partiesOf } from './parties.ts'
import type { Parties } from './parties.ts'
import { drbdRejoinVars } from './vars.ts'

export default defineRole({
  summary: 'The DRBD of a node is connected with that of the others again, and has all of their data',
  vars: drbdRejoinVars,
  peers: true,

  async inspect({ nodes, peers, vars }) {
    for (const resource of vars.drbd_resources)
      await nodes.each(async (node) => {
        const wanted = metadataOf(resource, node.name)
        if (wanted.length === 0) return
        const others = diskfulNodes(resource).map(({ name }) => name)
        const survivors = [...nodes, ...peers].filter(
          ({ name }) => name !== node.name && others.includes(name),
        )
        const group = {
          map: <T>(look: (one: (typeof survivors)[number]) => Promise<T>) => Promise.all(survivors.map(look)),
        }
        const asked = await lookAll(resource, node, group, vars.drbd_versions)
        for (const want of wanted) {
          const coming = comingVolume(asked, want.volume ?? 0)
          await node.drbd_metadata({ ...want, foreign: coming.kind === 'coming' && coming.how === 'anew' })
        }
      })
  },

  async run({ nodes, peers, vars, check }) {
    const all = partiesOf(nodes, peers, vars.drbd_resources)
    for (const node of nodes) {
      const own = all.filter(({ target }) => target.name === node.name)
      if (own.length > 0) await bringBack(node, own, check)
    }
  },
})

async function bringBack(target: Parties['target'], all: readonly Parties[], check: boolean): Promise<void> {
  const resources = all.map(({ resource }) => resource)
  await itsName(target)
  // All that speaks against it, of all resources, before anything is changed.
  const judged: (Judged & { parties: Parties })[] = []
  for (const parties of all) judged.push({ parties, ...(await judge(parties, check)) })
  // Another disk than the one that is attached there is no matter of coming back.
  for (const { name } of resources) await itsChanges(target, name, resources)

  await target.do(drbdConfig, { resources })
  for (const { parties, decision } of judged)
    for (const want of metadataWanted(parties, decision)) await target.drbd_metadata(want)
  for (const { parties, moved } of judged) await letIn(parties, resources, moved)
  for (const parties of all) await comeBack(parties, check)
  if (!check) for (const parties of all) await copied(parties)
  await startAtBoot(target, target.vars.drbd_at_boot)
}

interface Judged {
  readonly decision: Decision
  /** Survivors whose files know the node under its name or address of before. */
  readonly moved: readonly string[]
}

async function judge(parties: Parties, check: boolean): Promise<Judged> {
  const { resource, target } = parties
  let judged: Judged = { decision: { kind: 'later' }, moved: [] }
  await target.require(
    `${resource.name} can come back`,
    async () => {
      // First who has what: where the wrong node was named, it is this that says so.
      const decision = await decide(parties, check)
      const same = await compareConfig(parties)
      if (same.kind === 'moved')
        target.note(`${resource.name}, on the other nodes: ${same.changes.join('; ')}`)
      for (const line of told(parties, decision)) target.note(line)
      judged = { decision, moved: same.kind === 'moved' ? same.survivors : [] }
      return true
    },
    '',
  )
  return judged
}

/** Of the volumes that have none, or those of other data. What is good is never asked for. */
function metadataWanted({ resource, target }: Parties, decision: Decision): MetadataWanted[] {
  if (decision.kind !== 'connect') return []
  const made: readonly ComingVolume['how'][] = ['blank', 'fresh', 'anew']
  return metadataOf(resource, target.name).flatMap((want) => {
    const how = decision.volumes.find(({ volume }) => volume === want.volume)?.how
    return how !== undefined && made.includes(how) ? [{ ...want, foreign: how === 'anew' }] : []
  })
}

async function copied({ resource, target, survivors }: Parties): Promise<void> {
  const all = [target, ...survivors]
  await waitForSync({ first: target, map: (work) => Promise.all(all.map(work)) }, resource)
}
