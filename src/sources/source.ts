import type { Product } from '../drbd/versions.ts'

/** A release that a role builds from. */
export interface SourceWanted {
  readonly product: Product
  /** As the tarball's name has it: `9.2.16`, `9.0.19-1`. */
  readonly version: string
  /** The tarball on the controller: a path, or a file of the role or the project. It goes before URLs. */
  readonly tarball?: string | undefined
  /** Where it can be fetched, in order of trial; where LINBIT offers it when left out. */
  readonly urls?: readonly string[] | undefined
}

/** A release tarball on the controller: looked into, and the one that the lock of sources knows. */
export interface Source {
  /** `drbd-9.2.16`, as the lock has it. */
  readonly name: string
  readonly file: string
  readonly sha256: string
  /** The one folder at its top. */
  readonly folder: string
}
