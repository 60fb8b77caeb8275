import type { Secret } from '../secret.ts'

/** Asks a person for a secret; null where there is nobody to ask. */
export type Ask = (prompt: string) => Promise<Secret | null>
