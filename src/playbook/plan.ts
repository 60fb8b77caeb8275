import { dirname } from 'node:path'
import type { Host } from '../inventory/inventory.ts'
import { withConsents } from '../inventory/consent.ts'
import { loadInventory } from '../inventory/load.ts'
import { resolveFrom } from '../path.ts'
import { createProblems } from '../problems.ts'
import type { Problems } from '../problems.ts'
import type { Ask } from '../secrets/resolve.ts'
import type { Environment } from '../secrets/age.ts'
import { readLockFile, sourcesLockFile } from '../sources/lock_file.ts'
import { batchesOf } from './batches.ts'
import { loadPlaybook } from './load.ts'
import { loadRoles } from './load_roles.ts'
import type { PlannedPlay, PlanOptions, RunPlan } from './playbook.ts'
import type { Planning } from './planning.ts'
import { prepareRoles } from './prepare_roles.ts'
import type { PreparedPlay } from './prepare_roles.ts'
import { resolvePlays } from './resolve_plays.ts'
import { hostsOfPlays } from './select_hosts.ts'
import { selectRoles } from './select.ts'

export interface PlanFiles {
  readonly playbook: string
  readonly inventory: string | readonly string[]
}

export interface PlanContext {
  readonly cwd: string
  /** False: secrets stay unknown, nothing is asked, and they are taken to be right. */
  readonly resolveSecrets: boolean
  readonly ask: Ask
  /** Where `!env` looks; this process's own when left out. */
  readonly environment?: Environment
}

/**
 * Works out what a run will do, without connecting: reads the YAML, loads the roles, chooses hosts and roles, merges
 * and checks the vars of each host, looks up the secrets that those need.
 * @throws BringupErrors with everything that is wrong
 */
export async function planRun(files: PlanFiles, options: PlanOptions & PlanContext): Promise<RunPlan> {
  const { cwd } = options
  const problems = createProblems()
  const notes = new Set<string>()
  const planning: Planning = { cwd, problems, note: (text) => void notes.add(text) }
  const extra = options.extraVars ?? new Map()

  const playbook = loadPlaybook(files.playbook, planning)
  const playbookDirectory = dirname(resolveFrom(cwd, files.playbook))
  const inventories = [files.inventory].flat()
  const written = loadInventory(inventories, { ...planning, playbookDirectory })
  const inventory = withConsents(written, options.destroy ?? [], problems)
  const sourcesLock = sourcesLockFile(inventories, cwd)
  readLockFile(sourcesLock, cwd, problems)
  problems.throwIfAny()

  const roles = await loadRoles(playbook, planning)
  const selected = attempt(problems, () => selectRoles(playbook.plays, options)) ?? []
  const plays =
    problems.count > 0 && selected.length === 0 ? [] : hostsOfPlays(selected, inventory, options, planning)
  const chosen = new Set(plays.flatMap(({ hosts }) => hosts.map(({ name }) => name)))
  for (const { name, consents } of inventory.hosts.values())
    for (const { from } of chosen.has(name) ? [] : consents.filter(({ from: it }) => it.startsWith('--')))
      planning.note(`${from} is for nothing: ${name} is in no play of this run`)
  const prepared = await prepareRoles(plays, playbook, { roles, extra, planning })
  problems.throwIfAny()

  const resolved = options.resolveSecrets
    ? await resolvePlays(prepared, {
        ...planning,
        ask: options.ask,
        environment: options.environment ?? process.env,
      })
    : prepared
  problems.throwIfAny()
  return {
    playbook: playbook.file,
    inventory: inventory.file,
    sourcesLock,
    plays: resolved.map(plannedPlay),
    notes: [...notes],
  }
}

function attempt<T>(problems: Problems, work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    problems.take(error)
    return null
  }
}

const plannedPlay = ({ play, hosts, beside, roles }: PreparedPlay): PlannedPlay => ({
  name: play.name,
  anyErrorsFatal: play.anyErrorsFatal,
  batches: batchesOf<Host>(hosts, play.serial),
  beside,
  roles: roles.map(({ role, entry, readings }) => ({
    name: role.name,
    directory: role.directory,
    definition: role.definition,
    tags: [...new Set([...play.tags, ...entry.tags])],
    at: entry.at,
    vars: new Map(
      readings.flatMap((reading) => reading.hosts.map((host) => [host.name, reading.vars] as const)),
    ),
  })),
})
