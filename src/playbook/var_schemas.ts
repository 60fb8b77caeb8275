import type * as z from 'zod'

/** A role's vars by name. */
export type VarSchemas = ReadonlyMap<string, z.ZodType>

interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly left?: z.ZodType
  readonly right?: z.ZodType
  readonly options?: readonly z.ZodType[]
}

/** zod's own view of a schema; works for a schema of another copy of zod too. */
const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition

export const isSchema = (value: unknown): value is z.ZodType =>
  typeof value === 'object' && value !== null && '_zod' in value && 'safeParseAsync' in value

/**
 * The vars that a schema reads: the keys of its object, whatever refinements, transforms or unions are around it.
 * @returns null where there is no object in it
 */
export function varSchemas(schema: z.ZodType): VarSchemas | null {
  const { type, shape, innerType, in: input, left, right, options } = definitionOf(schema)
  if (type === 'object' && shape !== undefined) return new Map(Object.entries(shape))
  const inner = innerType ?? input
  if (inner !== undefined) return varSchemas(inner)
  const parts = options ?? (left !== undefined && right !== undefined ? [left, right] : [])
  const found = parts.map(varSchemas)
  if (found.length === 0 || found.includes(null)) return null
  return new Map(found.flatMap((part) => [...part!]))
}

/** What `.describe()` says of a var, at the schema itself or at one that it wraps. */
export function descriptionOf(schema: z.ZodType): string | undefined {
  if (schema.description !== undefined) return schema.description
  const { innerType, in: input } = definitionOf(schema)
  const inner = innerType ?? input
  return inner === undefined ? undefined : descriptionOf(inner)
}
