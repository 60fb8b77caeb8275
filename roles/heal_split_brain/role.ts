import { BringupError, defineRole } from 'bringup'
import type { Nodes } from 'bringup'
import { SAVE } from '../../src/drbd/split_brain/commands.ts'
import { decideHeal } from '../../src/drbd/split_brain/decide_heal.ts'
import { explain } from '../../src/drbd/split_brain/explain.ts'
import type { Heal } from '../../src/drbd/split_brain/question.ts'
import { roomFor } from '../../src/drbd/split_brain/room.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import type { DrbdNodeReport } from '../../src/drbd/status/node_report.ts'
import { granted } from '../../src/drbd/verdict.ts'
import { waitForSync } from '../initial_primary/sync.ts'
import { clusterOf, lookAt, storiesOf } from './look.ts'
import type { Look, Members } from './look.ts'
import { reconnect } from './reconnect.ts'
import { INSTEAD, placeOf, saveVictim } from './save.ts'
import { hold, letGo } from './standby.ts'
import { takeDown } from './take_down.ts'
import { healVars } from './vars.ts'
import type { HealVars } from './vars.ts'

type ToHeal = Heal & { kind: 'heal' }

export default defineRole({
  summary:
    'Data that went two ways are one again: those of the victim, which the operator named, are given up',
  vars: healVars,

  async run({ nodes, vars, check, warn }) {
    const groups = vars.drbd_resources.map((resource) => ({ resource, members: membersOf(nodes, resource) }))
    const cluster = await clusterOf(nodes)
    const decided = []
    for (const { resource, members } of groups) {
      const look = await lookAt(members, resource, cluster)
      const heal = decideHeal(look.question)
      await tell(members, look, heal)
      decided.push({ resource, members, reports: look.question.reports, heal })
    }
    // All are told before one of them ends it, and before anything is done.
    const isSome = decided.some(({ heal }) => heal.kind === 'heal')
    for (const { resource, heal } of decided) {
      if (heal.kind !== 'refused') continue
      if (heal.isSplit || !isSome) throw refused(resource, heal)
      warn(`${resource.name}: ${heal.fact}. ${heal.remedy}`)
    }
    for (const { resource, members, reports, heal } of decided)
      if (heal.kind === 'heal') await roomIsThere(members, resource, reports, heal)
    for (const { resource, members, heal } of decided) {
      if (heal.kind !== 'heal') continue
      const node = members.named(heal.victim).first
      await hold(node, cluster)
      await takeDown(node, resource)
      // Down, its metadata say more than the kernel did.
      const now = check ? heal : await decideAgain(members, resource)
      const what = savedOf(node.vars, now)
      if (what !== false) await saveVictim(node, { resource, heal: now, what, to: node.vars.heal_save_to })
      if (!check && savedOf(node.vars, await decideAgain(members, resource)) !== what)
        throw notSaved(resource)
      await reconnect(members, resource, now, check)
    }
    if (check) return
    for (const { resource, members, heal } of decided)
      if (heal.kind === 'heal' || heal.kind === 'syncing') await waitForSync(members, resource)
    await nodes.each(letGo)
  },
})

/** What is known, and what is going to be done, before it is. */
async function tell(members: Members, look: Look, heal: Heal): Promise<void> {
  const { question } = look
  const { first } = members
  if (heal.kind === 'none') first.note(`nothing to heal: ${heal.because}`)
  if (heal.kind !== 'heal' && !(heal.kind === 'refused' && heal.isSplit)) return
  first.note(`${question.resource.name} is split:\n${explain(question, await storiesOf(members, look))}`)
  if (heal.kind !== 'heal') return
  const isSaved = savedOf(first.vars, heal) !== false
  const steps = heal.steps.filter(({ what }) => isSaved || what !== SAVE)
  first.note(
    [`what only ${heal.victim} has is given up:`, ...steps.map(({ node, what }) => `${node}: ${what}`)].join(
      '\n',
    ),
  )
}

/** Right before it is too late: what was seen at first may be an hour old. */
async function decideAgain(members: Members, resource: DrbdResource): Promise<ToHeal> {
  const { question } = await lookAt(members, resource, await clusterOf(members))
  const heal = decideHeal(question)
  if (heal.kind === 'refused') throw refused(resource, heal)
  if (heal.kind === 'heal') return heal
  throw new BringupError('CHANGED_MEANWHILE', `${resource.name} is split no more: ${heal.because}`, {
    remedy: 'Nothing was given up. See who works on it, and run again.',
  })
}

const notSaved = ({ name }: DrbdResource): BringupError =>
  new BringupError('CHANGED_MEANWHILE', `more of ${name} would be overwritten than was saved`, {
    remedy: 'Nothing was given up. Run again: it is saved anew.',
  })

/** All nodes of a resource: who is left out may have newer data than all. @throws BringupError HOST_UNKNOWN */
function membersOf(nodes: Nodes<HealVars>, resource: DrbdResource): Members {
  const names = resource.nodes.map(({ name }) => name)
  const missing = names.filter((name) => !nodes.names.includes(name))
  if (missing.length === 0) return nodes.named(...names)
  throw new BringupError(
    'HOST_UNKNOWN',
    `${missing.join(', ')} of ${resource.name} is not among the hosts of the run`,
    {
      remedy: 'Run on all nodes of the resource: without --limit. The victim is named by -e victim=NODE.',
    },
  )
}

/** Where no bitmap counts, nobody can tell what only the victim has: all of it is saved. */
const savedOf = ({ heal_save }: HealVars, { overwrites }: ToHeal): HealVars['heal_save'] =>
  heal_save === 'changes' && overwrites === 'all' ? 'disk' : heal_save

/** As far as the kernel tells before anything is taken down; what the metadata say then is measured again. */
async function roomIsThere(
  members: Members,
  { name }: DrbdResource,
  reports: readonly DrbdNodeReport[],
  heal: ToHeal,
): Promise<void> {
  const node = members.named(heal.victim).first
  const { heal_save_to: to } = node.vars
  const what = savedOf(node.vars, heal)
  if (what === false) return
  const state = reports.find((report) => report.node === heal.victim)?.resource
  const changed = (state?.connections ?? []).flatMap(({ volumes }) =>
    volumes.map(({ outOfSync }) => outOfSync ?? 0),
  )
  const whole = (state?.volumes ?? []).map(({ size }) => size ?? 0)
  const kib = (what === 'disk' ? whole : changed).reduce((sum, one) => sum + one, 0)
  await node.require(
    `there is room for what only ${heal.victim} has of ${name}`,
    async (context) => {
      granted(roomFor(kib * 1024, await placeOf(context, to), `Nothing was done. ${INSTEAD}`))
      return true
    },
    '',
  )
}

const refused = ({ name }: DrbdResource, { node, fact, remedy }: Heal & { kind: 'refused' }): BringupError =>
  new BringupError('REFUSED', `${name} is not healed`, {
    seen: node === undefined ? fact : `${node}: ${fact}`,
    remedy,
  })
