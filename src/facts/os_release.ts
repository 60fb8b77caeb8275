import type { Facts } from './facts.ts'

/** Reads os-release(5): shell-like assignments, of which only quotes and backslashes need undoing. */
export function parseOsRelease(text: string): Facts['os'] {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s*([A-Z0-9_]+)=(.*?)\s*$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) fields.set(name, unquoted(value))
  }
  const id = fields.get('ID') ?? 'linux'
  return {
    id,
    like: (fields.get('ID_LIKE') ?? '').split(/\s+/).filter((like) => like !== ''),
    version: fields.get('VERSION_ID') ?? '',
    codename: fields.get('VERSION_CODENAME') || null,
    name: fields.get('PRETTY_NAME') ?? fields.get('NAME') ?? id,
  }
}

function unquoted(value: string): string {
  const quote = value[0]
  if ((quote === '"' || quote === "'") && value.length > 1 && value.endsWith(quote)) {
    const inner = value.slice(1, -1)
    return quote === '"' ? inner.replace(/\\(["\\$`])/g, '$1') : inner
  }
  return value
}
