/** HTML that was made here. Only {@link markup} and {@link verbatim} give it, so that nothing read from a journal can pose as it. */
export class Markup {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

export type Piece = string | number | Markup | null | undefined | false | readonly Piece[]

/** A template tag for HTML: what is put in is escaped, for content and for quoted attributes alike. */
export function markup(pieces: TemplateStringsArray, ...values: Piece[]): Markup {
  return new Markup(String.raw({ raw: pieces }, ...values.map(rendered)))
}

/** Text that is taken as it is: for styles and scripts of our own. */
export const verbatim = (text: string): Markup => new Markup(text)

function rendered(value: Piece): string {
  if (value instanceof Markup) return value.toString()
  if (Array.isArray(value)) return value.map(rendered).join('')
  if (value === null || value === undefined || value === false) return ''
  return escaped(String(value))
}

const NAMES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/**
 * Also what HTML cannot hold, or what makes text read as other than it is: control characters, and those that turn the
 * direction of writing (Unicode UAX 9), become visible.
 */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[&<>"']/g, (character) => NAMES[character] ?? '')
      // eslint-disable-next-line no-control-regex
      .replace(/[\0-\x08\x0B-\x1F]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
      // eslint-disable-next-line no-control-regex
      .replace(/[\x7F-\x9F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, (character) => {
        return `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`
      })
  )
}
