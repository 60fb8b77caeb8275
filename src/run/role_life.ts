import { isStopped, proceed, Stopped } from './group.ts'
import type { GroupFate } from './group.ts'
import { createInFlight } from './in_flight.ts'
import type { InFlight } from './in_flight.ts'
import { createTurns } from './turns.ts'
import type { Turns } from './turns.ts'

/** One role at work on its group: what it has going on, and whether more may begin. */
export interface RoleLife {
  /** Its tasks, and its commands outside of tasks: `server1: file /etc/motd`. */
  readonly tasks: InFlight
  /** Where tasks of one host that are begun together wait for each other. */
  readonly turns: Turns
  /** Throws {@link Stopped} when nothing more may begin. */
  proceed(): void
  /** Whether it may. */
  mayProceed(): boolean
  /** From now on nothing more begins. */
  end(): void
}

export function createRoleLife(role: string, fate: GroupFate): RoleLife {
  let ended = false
  return {
    tasks: createInFlight(),
    turns: createTurns(),
    proceed() {
      if (ended) throw new Stopped(`stopped, because the role ${role} has ended`)
      proceed(fate)
    },
    mayProceed: () => !ended && !isStopped(fate),
    end: () => void (ended = true),
  }
}
