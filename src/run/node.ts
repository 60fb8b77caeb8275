import type * as z from 'zod'
import type { Facts } from '../facts/facts.ts'
import type { Operation, ReadContext } from '../operations/operation.ts'
import type { operations } from '../operations/all.ts'
import type { TemplateParams } from '../operations/template.ts'
import type { Secret } from '../secret.ts'
import type { Shell } from '../shell/shell.ts'
import type { Seconds } from '../connection/remote.ts'
import type { TaskDefinition, TaskOutcome } from './task.ts'

export interface TaskOptions {
  /** What the report calls it; the operation's name and subject when left out. */
  name?: string
  /** Handlers of the role that a change makes due. */
  notify?: string | readonly string[]
  /** The task fails, and what it started is killed on the host, when it takes longer. */
  timeout?: Seconds
}

type Operations = typeof operations

/** Every ready-made operation as a method: `node.file({ path: '/etc/motd', content: 'hello\n' })`. */
export type NodeOperations = {
  readonly [Name in Exclude<keyof Operations, 'template'>]: (
    want: z.input<Operations[Name]['params']>,
    options?: TaskOptions,
  ) => Promise<TaskOutcome>
} & {
  /** A file whose text a function makes; the function and its data must fit each other. */
  template<Data>(want: TemplateParams<Data>, options?: TaskOptions): Promise<TaskOutcome>
}

/** One host, as a role sees it. */
export interface Node<V = Readonly<Record<string, unknown>>> extends NodeOperations {
  readonly name: string
  readonly groups: readonly string[]
  /** The address that bringup connects to. */
  readonly address: string
  readonly vars: V
  readonly facts: Facts
  /**
   * zx's `$`, bound to this host. Outside of a task each command that may change the host counts as one; `$.read` only
   * looks.
   */
  readonly $: Shell
  /** Runs an operation of the role's own, made with `operation()`. */
  do<Schema extends z.ZodType, S>(
    operation: Operation<Schema, S>,
    want: z.input<Schema>,
    options?: TaskOptions,
  ): Promise<TaskOutcome>
  /** A one-off step with `met` and `apply`. */
  task(name: string, task: TaskDefinition, options?: TaskOptions): Promise<TaskOutcome>
  /**
   * A condition that must hold before anything is changed; also asked in check mode. `holds` says what is seen instead
   * when it does not.
   * @throws BringupError REFUSED with what was seen and the remedy
   */
  require(
    name: string,
    holds: (context: ReadContext) => Promise<true | string>,
    remedy: string,
  ): Promise<void>
  /** A file's text, or null where there is none; in check mode as earlier tasks would have left it. */
  readText(path: string): Promise<string | null>
  /** As `readText`, for content that must never be shown. */
  readSecret(path: string): Promise<Secret | null>
  /** Counts a task as skipped, with the reason. */
  skip(task: string, reason: string): void
  /** Makes a handler of the role due on this node. */
  notify(handler: string): void
  /** Says how far something long is, on the terminal's last line. */
  progress(message: string): void
  /** Says something about this node, once in a run. */
  note(message: string): void
}
