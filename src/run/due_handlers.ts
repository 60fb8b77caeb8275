import type { DueHandler, Emit } from './events.ts'

/** Which handlers are due; every change is an event, so that the journal knows it before anything else happens. */
export interface DueHandlers {
  add(due: DueHandler): void
  done(due: DueHandler): void
  /** Hosts on which a handler of this role is due, by handler, in the order they became due. */
  of(role: string): Map<string, string[]>
  /** All of them, in the order they became due. */
  readonly all: readonly DueHandler[]
}

/** @param left what an earlier run left due; the start of this run has told it */
export function createDueHandlers(emit: Emit, left: readonly DueHandler[]): DueHandlers {
  const due = new Map<string, DueHandler>()
  const key = ({ host, role, handler }: DueHandler): string => JSON.stringify([host, role, handler])
  const handlers: DueHandlers = {
    add: (one) => {
      if (due.has(key(one))) return
      due.set(key(one), one)
      emit({ type: 'handler_due', ...one })
    },
    done: (one) => {
      due.delete(key(one))
      emit({ type: 'handler_done', ...one })
    },
    of: (role) => {
      const byHandler = new Map<string, string[]>()
      for (const one of due.values())
        if (one.role === role) byHandler.set(one.handler, [...(byHandler.get(one.handler) ?? []), one.host])
      return byHandler
    },
    get all() {
      return [...due.values()]
    },
  }
  for (const one of left) due.set(key(one), one)
  return handlers
}
