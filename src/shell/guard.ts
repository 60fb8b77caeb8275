import { $, within } from 'zx/core'
import { BringupError } from '../errors.ts'

/**
 * Runs a function in which zx's own `$` runs nothing: in a role it would run on the controller, by accident. `node.$`
 * is another one, and works. Holds for all that the function starts, and for nothing else.
 */
export function withoutRootShell<T>(work: () => Promise<T>): Promise<T> {
  return within(async () => {
    $.spawn = refuse
    $.spawnSync = refuse
    try {
      return await work()
    } catch (error) {
      throw unwrapRefusal(error)
    }
  })
}

/** zx wraps what its spawn throws: the refusal itself, where that is what an error is about. */
export function unwrapRefusal(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof RootShellUsed ? error.cause : error
}

class RootShellUsed extends BringupError {}

function refuse(): never {
  throw new RootShellUsed('ROLE_INVALID', "zx's own `$` was used in a role: nothing was run", {
    remedy: 'Use the `$` of a node: await node.$`…`.',
  })
}
