import { createHmac, randomBytes } from 'node:crypto'

/** One line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHost {
  readonly marker: string | null
  readonly patterns: readonly string[]
  readonly type: string
  /** The key in base64. */
  readonly key: string
  readonly file: string
  readonly line: number
}

export type Verdict =
  | { verdict: 'trusted'; entry: KnownHost }
  | { verdict: 'revoked'; entry: KnownHost }
  | { verdict: 'changed'; entry: KnownHost }
  | { verdict: 'unknown' }

/** Lines that can't be understood are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return []
    const fields = line.split(/\s+/)
    const marker = fields[0]?.startsWith('@') ? fields.shift()! : null
    const [names, type, key] = fields
    if (names === undefined || type === undefined || key === undefined) return []
    return [{ marker, patterns: names.split(','), type, key, file, line: index + 1 }]
  })
}

/** The name that a host's keys are kept under: `host`, or `[host]:port` for a port other than 22. */
export function nameInKnownHosts(host: string, port: number): string {
  const name = host.toLowerCase()
  return port === 22 ? name : `[${name}]:${port}`
}

/**
 * What is known about a key that a host presents. A key that was found under the host's plain name is trusted on any
 * port, as by OpenSSH; a wrong one there says nothing about another port.
 */
export function judge(
  entries: readonly KnownHost[],
  host: string,
  port: number,
  key: { type: string; base64: string },
): Verdict {
  const mine = entries.filter((entry) => matches(entry, nameInKnownHosts(host, port)))
  const plain = port === 22 ? mine : entries.filter((entry) => matches(entry, nameInKnownHosts(host, 22)))
  const revoked = [...mine, ...plain].find((entry) => entry.marker === '@revoked' && entry.key === key.base64)
  if (revoked !== undefined) return { verdict: 'revoked', entry: revoked }
  const same = [...mine, ...plain].find((entry) => entry.marker === null && entry.key === key.base64)
  if (same !== undefined) return { verdict: 'trusted', entry: same }
  const others = mine.filter((entry) => entry.marker === null)
  // The line with the same type of key is the one that would have to be replaced.
  const other = others.find((entry) => entry.type === key.type) ?? others[0]
  return other === undefined ? { verdict: 'unknown' } : { verdict: 'changed', entry: other }
}

/** Types of the keys that are known for a host; asked for first, or its other key would look like an attack. */
export function knownTypes(entries: readonly KnownHost[], host: string, port: number): string[] {
  const names = [nameInKnownHosts(host, port), nameInKnownHosts(host, 22)]
  const types = names.map((name) =>
    entries.filter((entry) => entry.marker === null && matches(entry, name)).map((entry) => entry.type),
  )
  return [...new Set(types[0]?.length ? types[0] : types[1])]
}

/** A line that makes a key known, with the name hashed where HashKnownHosts asks for it. */
export function knownHostLine(
  host: string,
  port: number,
  key: { type: string; base64: string },
  hash: boolean,
): string {
  const name = nameInKnownHosts(host, port)
  const salt = randomBytes(20)
  const written = hash ? `|1|${salt.toString('base64')}|${hashed(name, salt)}` : name
  return `${written} ${key.type} ${key.base64}\n`
}

function matches(entry: KnownHost, name: string): boolean {
  const [first = ''] = entry.patterns
  if (first.startsWith('|1|')) {
    const [, , salt = '', hash] = first.split('|')
    return hashed(name, Buffer.from(salt, 'base64')) === hash
  }
  const hit = (pattern: string): boolean => glob(pattern.toLowerCase()).test(name)
  const denied = entry.patterns.some((pattern) => pattern.startsWith('!') && hit(pattern.slice(1)))
  return !denied && entry.patterns.some((pattern) => !pattern.startsWith('!') && hit(pattern))
}

function hashed(name: string, salt: Buffer): string {
  return createHmac('sha1', salt).update(name).digest('base64')
}

function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`)
}
