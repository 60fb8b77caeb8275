import type { Place } from '../errors.ts'
import type { Host, Vars } from '../inventory/inventory.ts'
import type { RoleDefinition } from '../role.ts'

export interface RoleEntry {
  readonly role: string
  readonly vars: Vars
  readonly tags: readonly string[]
  readonly at: Place
}

export interface Play {
  readonly name: string
  /** Host pattern, as Ansible's: `cluster`, `all:!observers`, `server[1:2]`. */
  readonly hosts: string
  readonly hostsAt: Place
  /** How many hosts go through the whole play at a time: a count or a share (`50%`); null: all at once. */
  readonly serial: number | `${number}%` | null
  /** True (default): a host that fails ends the play for all. False: the others go on without it. */
  readonly anyErrorsFatal: boolean
  readonly vars: Vars
  readonly tags: readonly string[]
  readonly roles: readonly RoleEntry[]
  readonly at: Place
}

export interface Playbook {
  readonly file: string
  readonly plays: readonly Play[]
}

/** One role of a play with all that it needs, validated: nothing about it can be wrong any more but the hosts. */
export interface PlannedRole {
  readonly name: string
  readonly directory: string
  readonly definition: RoleDefinition
  readonly tags: readonly string[]
  readonly at: Place
  /** By host name: what the role's schema gave out for that host's merged vars. */
  readonly vars: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

export interface PlannedPlay {
  readonly name: string
  readonly anyErrorsFatal: boolean
  /** Hosts that go through the play together, in order; one batch unless `serial` is set. */
  readonly batches: readonly (readonly Host[])[]
  /** Hosts of the play that `--limit` leaves out, where one of its roles needs them as peers. */
  readonly beside: readonly Host[]
  readonly roles: readonly PlannedRole[]
}

/** What a run will do, known without connecting. */
export interface RunPlan {
  readonly playbook: string
  readonly inventory: string
  /** The lock of sources, whether it is there or not: an absolute path. */
  readonly sourcesLock: string
  readonly plays: readonly PlannedPlay[]
  /** Things worth saying that are not wrong, as a var that no role reads. */
  readonly notes: readonly string[]
}

/** What narrows or changes a run from the command line. */
export interface PlanOptions {
  limit?: string
  tags?: readonly string[]
  startAt?: string
  /** `HOST:DEVICE`: what may be destroyed. */
  destroy?: readonly string[]
  /** `-e key=value`; values are YAML scalars. */
  extraVars?: Vars
}
