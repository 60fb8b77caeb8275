/**
 * The forms in which a text stands in others: quoted for a shell (also as `set -x` of dash and bash shows it, and `printf
 * %q`), in JSON, in XML, in a URL or a form, in base64 as a part of whatever was encoded (`Basic` credentials).
 */
export function formsOf(text: string): string[] {
  if (text.length > MOST_FORMS) return [text]
  const url = encodeURIComponent(text.toWellFormed())
  const strict = url.replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
  const urls = [url, strict, strict.replaceAll('%20', '+')]
  const json = JSON.stringify(text).slice(1, -1)
  return [
    text,
    text.replaceAll("'", `'\\''`),
    text.replaceAll("'", `'"'"'`),
    text.replace(/[$`"\\]/g, '\\$&'),
    text.replace(/[^\w@%+=:,./\u0080-\uffff-]/g, '\\$&'),
    json,
    json.replace(/[\u0080-\uffff]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ...urls,
    ...urls.map((form) => form.replace(/%../g, (found) => found.toLowerCase())),
    ...xmlForms(text),
    ...base64Forms(Buffer.from(text)),
  ]
}

/** What `base64` and PEM make of the whole of a secret: lines, of which each is known by itself. */
export function wrappedForms(bytes: Buffer): string[] {
  if (bytes.length > MOST_WRAPPED) return []
  return [57, 48].flatMap((perLine) =>
    Array.from({ length: Math.ceil(bytes.length / perLine) }, (_, line) =>
      bytes.subarray(line * perLine, (line + 1) * perLine).toString('base64'),
    ).filter((line) => line.length >= SHORTEST),
  )
}

/** Characters. What is longer is a file, which nobody quotes. */
const MOST_FORMS = 65_536

/** Bytes. What is longer is no key, but a file; its lines are known as text. */
const MOST_WRAPPED = 16_384

/** Less could be a part of anything. */
const SHORTEST = 6

function xmlForms(text: string): string[] {
  const content = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const attribute = content.replaceAll('"', '&quot;')
  return [content, attribute, attribute.replaceAll("'", '&apos;'), attribute.replaceAll("'", '&#39;')]
}

/**
 * In base64, three bytes are four characters: what stands before a text decides on how it begins. The characters that
 * depend on the text alone are the same in each of three cases.
 */
function base64Forms(bytes: Buffer): string[] {
  const parts = [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
    return own.length >= SHORTEST ? [own] : []
  })
  const whole = bytes.toString('base64')
  const standard = [whole, whole.replace(/=+$/, ''), ...parts]
  return [...standard, ...standard.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))]
}
