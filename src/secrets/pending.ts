import { BringupError } from '../errors.ts'
import type { Place } from '../errors.ts'
import { Secret } from '../secret.ts'

/** Where a secret is to be had from, as a YAML tag says it. */
export type SecretSource =
  /** `!env NAME` */
  | { readonly kind: 'env'; readonly name: string }
  /** `!file path`: absolute here; one newline at the file's end is not part of the secret. */
  | { readonly kind: 'file'; readonly path: string }
  /** `!prompt "Text"`: asked for once per run, however often it is used. */
  | { readonly kind: 'prompt'; readonly text: string }
  /** `!age |`: an armored age file, encrypted to recipients or with a passphrase. */
  | { readonly kind: 'age'; readonly armor: string }

/** A secret of the YAML that nobody has needed yet. It gets its value only if a planned role or host reads it. */
export class PendingSecret extends Secret {
  readonly source: SecretSource
  readonly at: Place

  constructor(source: SecretSource, at: Place) {
    super('', originOf(source, at))
    this.source = source
    this.at = at
  }

  override reveal(): never {
    throw new BringupError(
      'SECRET_UNAVAILABLE',
      `the secret from ${this.origin} was not asked for in this run`,
      {
        at: this.at,
      },
    )
  }

  override revealBytes(): never {
    return this.reveal()
  }
}

/** Where a secret comes from, in words that are safe to show. */
export function originOf(source: SecretSource, at: Place): string {
  switch (source.kind) {
    case 'env':
      return `environment ${source.name}`
    case 'file':
      return `file ${source.path}`
    case 'prompt':
      return `prompt "${source.text}"`
    case 'age':
      return `${at.file}:${at.line}`
  }
}
