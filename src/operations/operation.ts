import type * as z from 'zod'
import type { Egress } from '../connection/egress.ts'
import type { Consent } from '../inventory/consent.ts'
import type { Facts } from '../facts/facts.ts'
import type { Remote } from '../connection/remote.ts'
import type { Overwrite } from './overwrite.ts'
import type { Asking } from './question.ts'
import type { Shell, Tag } from '../shell/shell.ts'

/** One difference between what is and what is wanted. */
export interface Change {
  /** A few words for a line of its own: `create`, `mode 0644 → 0600`, `start`. Never holds a secret. */
  summary: string
  /** The text before and after, shown as a unified diff; null where there is or will be no file. */
  diff?: { path: string; before: string | null; after: string | null }
}

export interface ReadContext {
  readonly host: string
  readonly facts: Facts
  readonly $: { readonly read: Tag }
  readonly remote: Pick<Remote, 'run' | 'download'>
  /** Looks at what many operations look at; what is asked for at the same time goes out in one script. */
  readonly ask: Asking
  readonly signal: AbortSignal
  /** What may be destroyed on this host. */
  readonly consents: readonly Consent[]
  /** The way to package sources and downloads of a host that has none of its own; else null. */
  readonly egress: Egress | null
  /** Files of the project beside the playbook and the role, for operations that send one. */
  readonly controller: { readonly roleDirectory: string; readonly projectDirectory: string }
  /** True in check mode, where nothing is applied. */
  readonly check: boolean
  /**
   * In check mode, the state that earlier tasks would have left under `key` (see {@link Operation.key}); undefined in
   * a real run. Lets a service whose package is only planned read as "would start (package planned)".
   */
  planned<S>(key: string): S | undefined
}

export interface ApplyContext extends ReadContext {
  readonly $: Shell
  readonly remote: Remote
}

/**
 * A ready-made task: it reads what is, plans with a pure function, applies. The engine reads and plans again after
 * `apply` (but see {@link Operation.provenByApply}), and the task has failed if that plan is not empty.
 *
 * @typeParam P what is wanted, as `params` gives it out
 * @typeParam S what is, as `read` gives it
 */
export interface Operation<Schema extends z.ZodType, S> {
  readonly name: string
  readonly params: Schema
  /** What it is about, behind the name in a report: `/etc/hosts`, `pacemaker, pcs`. */
  subject(want: z.output<Schema>): string
  /** Looks, in one round trip, and changes nothing. */
  read(context: ReadContext, want: z.output<Schema>): Promise<S>
  /** Pure: the changes that lead from `now` to `want`, in order; empty when met. */
  plan(now: S, want: z.output<Schema>): Change[]
  /**
   * Pure: the devices that `apply` would write to, where there is something to do. The engine looks at them in `inspect`
   * before the play changes anything, and again before `apply`; neither goes on where one of them is refused.
   */
  overwrites?(now: S, want: z.output<Schema>): Overwrite[]
  /** Makes the planned changes; never called with an empty plan, nor in check mode. */
  apply(context: ApplyContext, changes: Change[], want: z.output<Schema>, now: S): Promise<void>
  /** Pure: what `read` would give after `apply`. `plan(after(now, want), want)` is always empty. */
  after(now: S, want: z.output<Schema>): S
  /** The thing that is read, as `path:/etc/hosts` or `packages`; operations on the same thing share it and its state. */
  key?(want: z.output<Schema>): string
  /** True where the host is another one afterwards (a reboot): its facts are gathered again. */
  readonly outdatesFacts?: boolean
  /** True where `apply` ends as soon as it has seen it be so: what is waited for may pass, and is not looked at once more. */
  readonly provenByApply?: boolean
  /** For keys that hold many things (`packages`): what was read, overlaid with what is planned. */
  merge?(now: S, planned: S): S
}

/** Declares an operation; the name comes first so that it reads as a heading. */
export function operation<Schema extends z.ZodType, S>(
  name: string,
  definition: Omit<Operation<Schema, S>, 'name'>,
): Operation<Schema, S> {
  return { name, ...definition }
}
