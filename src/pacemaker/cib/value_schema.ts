import * as z from 'zod'
import { secret } from '../../operations/params.ts'
import { milliseconds, score } from './meaning.ts'

const written = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)])

/** A value in the CIB; null says that it is not to be set at all. Only a few options are secrets (fencing passwords). */
export const value = z.union([written, z.null(), secret])

const attributeName = z.string().regex(/^[^\s="'<>&]+$/, 'must be a name without spaces, quotes or "="')

/** Names and values as pcs takes them; `name: null` takes one away. */
export const attributes = z.record(attributeName, value).default({})

/** What {@link attributes} gives out. */
export type Attributes = z.output<typeof attributes>
export type Value = Attributes[string]

/** An XML name, which is what ids in a CIB must be. */
export const id = z
  .string()
  .regex(/^[A-Za-z_][\w.-]*$/, 'must begin with a letter and hold only letters, digits, ".", "_" and "-"')

export const duration = written
  .refine((text) => milliseconds(text) !== undefined, 'must be a time, as 30s, 5min or 200ms')
  .describe('A time: 30s, 5min, 200ms; seconds where no unit is given')

export const scoreValue = z
  .union([z.string(), z.int().transform(String)])
  .refine((text) => score(text) !== undefined, 'must be a whole number, INFINITY or -INFINITY')
  .describe('A whole number, INFINITY or -INFINITY')
