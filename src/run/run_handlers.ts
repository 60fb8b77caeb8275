import { BringupError } from '../errors.ts'
import type { PlannedRole } from '../playbook/playbook.ts'
import type { DueHandlers } from './due_handlers.ts'
import type { Node } from './node.ts'
import type { Nodes } from './nodes.ts'
import type { AnyVars } from './shared_vars.ts'

/** Handlers may notify others; that this does not go round for ever is up to the role. */
const ROUNDS = 10

/** Runs the handlers of a role that are due on its nodes, in the order they became due, until none is. */
export async function runHandlers(
  { name, definition }: PlannedRole,
  nodes: Nodes<AnyVars>,
  due: DueHandlers,
): Promise<void> {
  const here = (): [handler: string, hosts: readonly string[]][] =>
    [...due.of(name)]
      .map(([handler, hosts]): [string, string[]] => [
        handler,
        hosts.filter((host) => nodes.names.includes(host)),
      ])
      .filter(([, hosts]) => hosts.length > 0)

  for (let round = 0; here().length > 0; round += 1) {
    if (round === ROUNDS) throw endless(name, here())
    for (const [handler, hosts] of here()) {
      const action = definition.handlers?.[handler]
      await nodes
        .where((node) => hosts.includes(node.name))
        .each(async (node) => {
          // A handler that the role no longer has can't be run any more; it is not due for ever.
          if (action !== undefined) await action(node as Node<never>)
          due.done({ host: node.name, role: name, handler })
        })
    }
  }
}

function endless(role: string, left: readonly [handler: string, hosts: readonly string[]][]): BringupError {
  return new BringupError('ROLE_INVALID', `the handlers of ${role} notify each other without end`, {
    seen: left.map(([handler]) => handler).join(', '),
    remedy: 'Let no handler notify one that notifies it.',
  })
}
