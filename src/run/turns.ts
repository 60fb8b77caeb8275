import type { CommandRecord } from '../shell/shell.ts'
import type { TaskOutcome } from './task.ts'

/** What a task saw ahead of its turn, and the commands that it looked with. */
export interface Look {
  readonly seen: Promise<unknown>
  readonly commands: readonly CommandRecord[]
}

/** What a task tells the others that were begun together with it. */
export interface Turn {
  /** Before its first change: nothing else goes on then, and what was seen ahead does not count any more. */
  changing(): Promise<void>
  /** Its changes are made, and are only looked at again. */
  changed(): void
}

/** A task that waits for its turn. */
export interface Step {
  /** Looks ahead; null where it has to be in its own turn. Changes nothing, and never throws. */
  look(): Look | null
  /** Its turn: with what it has seen ahead, where that still holds. */
  carryOut(look: Look | null, turn: Turn): Promise<TaskOutcome>
}

/** Takes in a step. Those of the same host and `along` are begun together. */
export type Turns = (step: Step, host: string, along: unknown) => Promise<TaskOutcome>

interface Entry {
  readonly step: Step
  resolve(outcome: TaskOutcome): void
  reject(error: unknown): void
}

/**
 * Steps of one host that are begun together, without one being awaited before the next, look together, in one round trip,
 * and are carried out one after the other, in the order they were begun. After a change, what was seen before does not
 * count any more, and is looked at again: the outcome is that of awaiting each. What comes after one that failed is not
 * begun, and fails of the same error.
 */
export function createTurns(): Turns {
  let gathering: { host: string; along: unknown; entries: Entry[] }[] = []
  const begin = (): void => {
    const groups = gathering
    gathering = []
    for (const { entries } of groups) void takeTurns(entries)
  }
  return (step, host, along) => {
    const { promise, resolve, reject } = Promise.withResolvers<TaskOutcome>()
    // Whatever is asked for before the next input from anywhere is begun together.
    if (gathering.length === 0) setImmediate(begin)
    const group = gathering.find((one) => one.host === host && one.along === along)
    const entry = { step, resolve, reject }
    if (group === undefined) gathering.push({ host, along, entries: [entry] })
    else group.entries.push(entry)
    return promise
  }
}

async function takeTurns(entries: readonly Entry[]): Promise<void> {
  // Everything is looked at ahead as long as nothing is changed. Where much is to be changed, looking far ahead is in
  // vain: then it is one step, then two, four, … until the next change.
  let reach = entries.length
  let ahead: (Look | null)[] = []
  for (const [at, { step, resolve, reject }] of entries.entries()) {
    const next = (count: number): (Look | null)[] => entries.slice(at + 1, at + 1 + count).map(lookOf)
    const isNew = ahead.length === 0
    const own = ahead.shift() ?? null
    if (isNew) {
      ahead = next(reach)
      reach *= 2
    }
    const forget = async (): Promise<void> => {
      await Promise.allSettled(ahead.flatMap((look) => look?.seen ?? []))
      ahead = []
      reach = 1
    }
    try {
      const outcome = await step.carryOut(own, { changing: forget, changed: () => void (ahead = next(1)) })
      resolve(outcome)
    } catch (error) {
      await forget()
      reject(error)
      for (const later of entries.slice(at + 1)) later.reject(error)
      return
    }
  }
}

function lookOf({ step }: Entry): Look | null {
  const look = step.look()
  // One that is not used any more may fail unheard.
  look?.seen.catch(() => {})
  return look
}
