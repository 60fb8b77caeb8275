import type { Place } from '../errors.ts'

/** What is said of a secret that stands in a file as it is. */
export const clearTextNote = (at: Place, name: string): string =>
  `${at.file}:${at.line}: ${name} is written in clear; \`bringup secrets encrypt\` makes a !age value of it`
