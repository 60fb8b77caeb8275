import type * as z from 'zod'
import type { EndAction } from './run/at_end.ts'
import type { InspectedNode } from './run/inspected_node.ts'
import type { Node } from './run/node.ts'
import type { Nodes } from './run/nodes.ts'
import type { Source, SourceWanted } from './sources/source.ts'

/** What a role's `run` is given. */
export interface RoleContext<V = Readonly<Record<string, unknown>>> {
  /** The hosts of the play (or of its `serial` batch) that the role works on, as one group. */
  readonly nodes: Nodes<V>
  /**
   * Of a role that asks for `peers`: the other hosts of the play, which `--limit` or `serial` leaves out now. They are
   * there to be looked at, and for what the nodes cannot do alone, as being let into a cluster. Empty for other roles.
   */
  readonly peers: Nodes<V>
  /** The role's vars. Reading one that differs between the nodes is an error: take `node.vars` there. */
  readonly vars: V
  /** True in check mode. */
  readonly check: boolean
  /** Says something that the operator should read, once, now and in the recap. */
  warn(message: string): void
  /**
   * A release tarball on the controller, from a path or from the network: fetched only now, looked into, and the one that
   * `sources.lock.yml` beside the inventory knows; at first use the operator is asked. Not for check mode: ask for it
   * only where something is built.
   * @throws BringupError SOURCE_UNKNOWN, SOURCE_CHANGED, SOURCE_WRONG, FETCH_FAILED
   */
  source(wanted: SourceWanted): Promise<Source>
  /**
   * Has something done when the role has ended, however it ended: done, failed, or interrupted by the operator. For
   * what must not stay as it is for the length of the role, as a node on standby. The last one given is done first.
   */
  atEnd(action: EndAction<V>): void
}

/** What a role's `inspect` is given. */
export interface InspectContext<V = Readonly<Record<string, unknown>>> {
  /** All hosts of the play that the role is going to run on, to be looked at. */
  readonly nodes: Nodes<V, InspectedNode<V>>
  /** As those of `run`, of all batches together: the hosts of the play that `--limit` leaves out. */
  readonly peers: Nodes<V, InspectedNode<V>>
  readonly vars: V
}

export interface RoleDefinition<Schema extends z.ZodType = z.ZodType> {
  /** One line: what is true after this role. */
  readonly summary: string
  /** A strict object: the vars that the role reads, each described; they are validated before the first connection. */
  readonly vars: Schema
  /**
   * Whether the role also needs the hosts of the play that `--limit` or `serial` leaves out: then a run connects with
   * them, and gives them to the role as `peers`. One that cannot be reached ends the play before it begins.
   */
  readonly peers?: boolean
  /**
   * Deferred actions by name. One that a changed task `notify`s runs once per notified node, after `run`; if the run
   * dies before that, the journal keeps it due for the next.
   */
  readonly handlers?: Readonly<Record<string, (node: Node<z.output<Schema>>) => Promise<unknown>>>
  /**
   * Looks at the devices that `run` is going to write to, before any role of the play changes anything: what would be
   * destroyed without consent is then told for all roles and hosts at once, and nothing was done.
   */
  inspect?(context: InspectContext<z.output<Schema>>): Promise<void>
  run(context: RoleContext<z.output<Schema>>): Promise<void>
}

/** Declares a role; the default export of `roles/<name>/role.ts`. */
export function defineRole<Schema extends z.ZodType>(
  definition: RoleDefinition<Schema>,
): RoleDefinition<Schema> {
  return definition
}
