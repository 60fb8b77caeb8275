import type { BringupError } from '../errors.ts'
import type { Remote } from '../connection/remote.ts'

/** Something to see on a host that one script can see for many: the state of paths, of units. */
export interface Question<Item, Answer> {
  /** What one item is about, as the record of commands shows it. */
  title(item: Item): string
  /**
   * Asks for up to {@link MOST} items in one round trip. @returns one answer each, in order; an error where that one
   * could not be seen
   */
  ask(remote: Pick<Remote, 'run'>, items: readonly Item[]): Promise<(Answer | BringupError)[]>
}

/** So that what they answer stays within what a command may print. */
export const MOST = 32

/** Asks for one item: by itself, or together with others that are asked for at the same time. */
export type Asking = <Item, Answer>(question: Question<Item, Answer>, item: Item) => Promise<Answer>
