import type { ResourceOperation } from './resource_schema.ts'
import type { Generation } from './generation.ts'
import type { ClaimId } from './ids.ts'

/** The operations that an agent advises in its metadata; undefined where the metadata is not known. */
export type Advice = (agent: string) => readonly ResourceOperation[] | undefined

/** What the reconciling of every section needs to know. */
export interface Context {
  readonly generation: Generation
  readonly claim: ClaimId
  readonly purge: boolean
  readonly advice: Advice
  /** The timeout of operations that have none of their own. */
  readonly defaultTimeout: string
}
