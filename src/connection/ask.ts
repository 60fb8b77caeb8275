import type { Secret } from '../secret.ts'

/** Asks a person for a secret; null where there is nobody to ask. */
export type Ask = (prompt: string) => Promise<Secret | null>

/** Asks a person a question that is answered by yes or no; null where there is nobody to ask. */
export type Confirm = (question: string) => Promise<boolean | null>
