import type { PlayOutline } from './events.ts'

/** A role on one batch of hosts: what a run does one after the other, and is resumed at. */
export interface Step {
  readonly play: number
  readonly batch: number
  readonly role: string
  readonly hosts: readonly string[]
  /** Where these differ from those of an earlier run, that the step was done there is not to be relied on. */
  readonly varsDigest: string | undefined
  readonly filesDigest: string | undefined
}

/** All steps of a run in order: plays, in them batches, in them roles. */
export function stepsOf(plays: readonly PlayOutline[]): Step[] {
  return plays.flatMap(({ hosts, roles, batches = [hosts], varsDigests, filesDigests }, play) =>
    batches.flatMap((members, batch) =>
      roles.map((role, position) => ({
        play,
        batch,
        role,
        hosts: members,
        varsDigest: varsDigests?.[batch]?.[position],
        filesDigest: filesDigests?.[position],
      })),
    ),
  )
}
