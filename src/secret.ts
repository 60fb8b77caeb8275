import { inspect } from 'node:util'
import { formsOf, wrappedForms } from './secret_forms.ts'

const MASK = '•••'

/**
 * A value that must not be seen: it prints as `•••` wherever it is turned into text by accident (templates, JSON,
 * `console.log`). Only {@link Secret.reveal} and {@link Secret.revealBytes} give it away, so a search for `reveal` finds
 * every use.
 */
export class Secret {
  readonly #value: Buffer
  /** Where it came from, safe to show: `environment HACLUSTER_PASSWORD`, `group_vars/cluster.yml:4`. */
  readonly origin: string

  /** @param value text, or bytes for keys that are not text */
  constructor(value: string | Uint8Array, origin = 'unknown') {
    this.#value = Buffer.from(value)
    this.origin = origin
  }

  reveal(): string {
    return this.#value.toString('utf8')
  }

  /** The bytes as they were given; what a file or a command's input is written from. */
  revealBytes(): Buffer {
    return Buffer.from(this.#value)
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [inspect.custom](): string {
    return MASK
  }
}

/** Replaces known secrets in text that is about to be shown or written (output, diffs, the journal, errors). */
export class Redactor {
  readonly #values = new Set<string>()
  #longestFirst: readonly string[] | null = null

  /**
   * Values under four characters are not replaced in text: they would mask half of every line. Of longer ones so are
   * their lines, and the forms in which they stand in other text: see {@link formsOf}.
   */
  add(secret: Secret): void {
    const value = secret.reveal()
    const whole = [value, value.trim()].filter((text) => text.length >= 4)
    const lines = value.split('\n').filter((line) => line.length >= 8)
    const wrapped = wrappedForms(secret.revealBytes())
    for (const form of [...[...whole, ...lines].flatMap(formsOf), ...wrapped]) this.#values.add(form)
    this.#longestFirst = null
  }

  redact(text: string): string {
    this.#longestFirst ??= [...this.#values].toSorted((a, b) => b.length - a.length)
    return this.#longestFirst.reduce((masked, value) => masked.replaceAll(value, MASK), text)
  }
}
