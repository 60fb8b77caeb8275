import { BringupError } from '../errors.ts'
import type { Node } from './node.ts'
import { settleAll, Stopped } from './group.ts'
import type { GroupFate } from './group.ts'

/** What a group needs to know of its nodes. */
export type Member = Pick<Node, 'name' | 'groups'>

/** The hosts of a role as one group, in inventory order. The only barriers are the ends of `each`, `map` and `inTurn`. */
export interface Nodes<V, N extends Member = Node<V>> extends Iterable<N> {
  readonly size: number
  readonly names: readonly string[]
  /** The first node. @throws when the group is empty */
  readonly first: N
  /** All but the first. */
  readonly rest: Nodes<V, N>
  /** Runs on all nodes at once, each at its own pace; ends when all have ended. */
  each(work: (node: N) => Promise<unknown>): Promise<void>
  /** As `each`, with the results in node order, of those that did not fail. */
  map<T>(work: (node: N) => Promise<T>): Promise<T[]>
  /** One node after the other; stops at the first failure, unless errors are not fatal. */
  inTurn(work: (node: N) => Promise<unknown>): Promise<void>
  /** Those of a group of the inventory; may be empty. */
  in(group: string): Nodes<V, N>
  /** Those with these names. @throws when one of them is not among the role's nodes */
  named(...names: string[]): Nodes<V, N>
  /** Those for which `test` holds. */
  where(test: (node: N) => boolean): Nodes<V, N>
}

/**
 * @param report called once for each node that fails, before `each` or `map` throws
 * @param everyone the role's whole group, where `members` are a part of it
 */
export function createNodes<V, N extends Member = Node<V>>(
  members: readonly N[],
  fate: GroupFate,
  report: (node: N, error: unknown) => void,
  everyone = members,
): Nodes<V, N> {
  const subset = (chosen: readonly N[]): Nodes<V, N> => createNodes(chosen, fate, report, everyone)
  const isAlive = (node: N): boolean => !fate.failed.has(node.name)
  const alive = (): N[] => members.filter(isAlive)

  async function run<T>(work: (node: N) => Promise<T>, atOnce: number): Promise<T[]> {
    const results = await settleAll(alive(), atOnce, async (node) => {
      try {
        return await work(node)
      } catch (error) {
        if (!(error instanceof Stopped)) {
          fate.failed.set(node.name, error)
          report(node, error)
        }
        throw error
      }
    })
    const failures = results.filter((result) => result.status === 'rejected').map((result) => result.reason)
    const first = failures.find((failure) => !(failure instanceof Stopped)) ?? failures[0]
    const nobodyLeft = !everyone.some(isAlive)
    if (first !== undefined && (fate.fatal || nobodyLeft)) throw first
    return results.filter((result) => result.status === 'fulfilled').map((result) => result.value)
  }

  const nodes: Nodes<V, N> = {
    get size() {
      return alive().length
    },
    get names() {
      return alive().map((node) => node.name)
    },
    get first() {
      const [first] = alive()
      if (first === undefined) throw emptyGroup(members.map((node) => node.name))
      return first
    },
    get rest() {
      return subset(alive().slice(1))
    },
    each: async (work) => void (await run(work, fate.forks)),
    map: (work) => run(work, fate.forks),
    inTurn: async (work) => {
      for (const node of alive()) await subset([node]).each(work)
    },
    in: (group) => subset(members.filter((node) => node.groups.includes(group))),
    named: (...names) =>
      subset(
        names.map((name) => {
          const node = members.find((member) => member.name === name)
          if (node !== undefined) return node
          throw new BringupError('HOST_UNKNOWN', `${name} is not among the nodes of this role`, {
            seen: members.map((member) => member.name).join(', '),
            remedy: 'Name one of these, or add it to the hosts of the play.',
          })
        }),
      ),
    where: (test) => subset(members.filter(test)),
    [Symbol.iterator]: () => alive()[Symbol.iterator](),
  }
  return nodes
}

function emptyGroup(failed: readonly string[]): BringupError {
  return failed.length === 0
    ? new BringupError('ROLE_INVALID', 'asked for the first node of an empty group')
    : new BringupError('TASK_FAILED', `asked for the first node, but ${failed.join(' and ')} failed before`)
}
