import type { Host, Vars } from '../inventory/inventory.ts'
import type { LoadedRoles } from './load_roles.ts'
import type { LoadedRole } from './load_role.ts'
import type { Planning } from './planning.ts'
import type { Play, Playbook, RoleEntry } from './playbook.ts'
import { pickVars } from './pick_vars.ts'
import type { Reading } from './pick_vars.ts'
import { readVars } from './read_vars.ts'
import type { PlayOnHosts } from './select_hosts.ts'
import { refuseMistypedVars, refuseUnknownVars } from './unknown_vars.ts'

/** Vars that some hosts of a role have in common, with what the role's schema made of them. */
export interface PreparedReading extends Reading {
  readonly vars: Readonly<Record<string, unknown>>
}

export interface PreparedRole {
  readonly role: LoadedRole
  readonly entry: RoleEntry
  readonly readings: readonly PreparedReading[]
}

export interface PreparedPlay {
  readonly play: Play
  readonly hosts: readonly Host[]
  /** Hosts that its roles need as peers. */
  readonly beside: readonly Host[]
  readonly roles: readonly PreparedRole[]
}

export interface PrepareContext {
  readonly roles: LoadedRoles
  /** Vars of the command line. */
  readonly extra: Vars
  readonly planning: Planning
}

/** Checks the vars of every planned role on every host of its play; what is wrong is added to the problems. */
export async function prepareRoles(
  plays: readonly PlayOnHosts[],
  playbook: Playbook,
  context: PrepareContext,
): Promise<PreparedPlay[]> {
  await refuseStrayVars(plays, playbook, context)
  const prepared: PreparedPlay[] = []
  for (const { play, hosts, beside } of plays) {
    const roles: PreparedRole[] = []
    for (const entry of play.roles) {
      const role = context.roles.of(entry)
      if (role === null) continue
      const readings: PreparedReading[] = []
      const all = role.definition.peers === true ? [...hosts, ...beside] : hosts
      for (const reading of pickVars(role, all, { play, entry, extra: context.extra })) {
        const vars = await readVars(role, reading, { entry, ...context.planning })
        if (vars !== null) readings.push({ ...reading, vars })
      }
      roles.push({ role, entry, readings })
    }
    const isBeside = roles.some(({ role }) => role.definition.peers)
    prepared.push({ play, hosts, beside: isBeside ? beside : [], roles })
  }
  return prepared
}

/** Vars that nothing reads: an error where they were written for this playbook, a suspicion in the inventory. */
async function refuseStrayVars(
  plays: readonly PlayOnHosts[],
  playbook: Playbook,
  { roles, extra, planning: { problems } }: PrepareContext,
): Promise<void> {
  const read = new Set<string>()
  let complete = true
  for (const play of playbook.plays) {
    const loaded = play.roles.map((entry) => ({ entry, role: roles.of(entry) }))
    const ofPlay = new Set(loaded.flatMap(({ role }) => [...(role?.schemas.keys() ?? [])]))
    for (const name of ofPlay) read.add(name)
    for (const { entry, role } of loaded)
      if (role !== null)
        refuseUnknownVars(
          entry.vars,
          new Set(role.schemas.keys()),
          `the role ${role.name} has no var`,
          problems,
        )
    // A role that could not be loaded may be the one that reads it.
    if (loaded.every(({ role }) => role !== null))
      refuseUnknownVars(play.vars, ofPlay, 'no role of the play has a var', problems)
    else complete = false
  }
  if (!complete) return
  refuseUnknownVars(extra, read, 'no role of the playbook has a var', problems)
  const hosts = [...new Set(plays.flatMap((play) => play.hosts))]
  await refuseMistypedVars(hosts, read, () => roles.otherVars(), problems)
}
