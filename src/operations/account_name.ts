import * as z from 'zod'

/** A name that useradd(8) and groupadd(8) take; digits alone would be read as a number by others. */
export const accountName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*\$?$/, 'must be a name of letters, digits, _, . and -')
