import { createHash } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ServerHostKeyAlgorithm } from 'ssh2'
import { BringupError } from '../errors.ts'
import { judge, knownHostLine, knownTypes, nameInKnownHosts, parseKnownHosts } from './known_hosts.ts'
import type { KnownHost } from './known_hosts.ts'
import type { Target } from './target.ts'

/** What this end knows of a host's keys before it connects. */
export interface HostKeyCheck {
  /** Signature algorithms to offer, those for known keys first. */
  readonly algorithms: ServerHostKeyAlgorithm[]
  /** @throws BringupError HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, HOST_KEY_REVOKED */
  verify(key: Buffer): Promise<void>
}

const ALGORITHMS: readonly (readonly [type: string, algorithms: readonly ServerHostKeyAlgorithm[]])[] = [
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  // ssh-rsa signs with SHA-1; sshd before 7.2 knows nothing else for RSA keys.
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']],
]

export async function prepareHostKeyCheck(target: Target, acceptNew: boolean): Promise<HostKeyCheck> {
  const files = await Promise.all(target.knownHosts.map(readEntries))
  const entries = files.flat()
  const types = knownTypes(entries, target.keyName, target.port)
  return {
    algorithms: orderedAlgorithms(types),
    async verify(blob) {
      const key = { type: keyType(blob), base64: blob.toString('base64') }
      const found = judge(entries, target.keyName, target.port, key)
      if (found.verdict === 'trusted') return
      if (found.verdict === 'revoked') throw revoked(target, found.entry)
      if (found.verdict === 'changed') throw changed(target, found.entry, blob)
      if (!acceptNew && !target.acceptNew) throw unknown(target, blob)
      const [file] = target.knownHosts
      if (file !== undefined)
        await append(file, knownHostLine(target.keyName, target.port, key, target.hashKnownHosts))
    },
  }
}

/** As OpenSSH does: the key types that are known come first, then the others. */
export function orderedAlgorithms(known: readonly string[]): ServerHostKeyAlgorithm[] {
  const rank = (type: string): number => (known.includes(type) ? 0 : 1)
  return ALGORITHMS.toSorted(([a], [b]) => rank(a) - rank(b)).flatMap(([, algorithms]) => algorithms)
}

/** `SHA256:…`, as ssh-keygen -l prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** An SSH key begins with its type as a string (RFC 4253, 6.6). */
export function keyType(blob: Buffer): string {
  return blob.toString('latin1', 4, 4 + blob.readUInt32BE(0))
}

async function readEntries(file: string): Promise<KnownHost[]> {
  try {
    return parseKnownHosts(await readFile(file, 'utf8'), file)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw new BringupError('FILE_UNREADABLE', `cannot read the known hosts in ${file}`, { cause })
  }
}

/** One write of one whole line with O_APPEND: two that learn keys at the same time don't mix theirs. */
async function append(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await using handle = await open(file, 'a+', 0o600)
  const { size } = await handle.stat()
  const last = Buffer.alloc(1, '\n')
  if (size > 0) await handle.read(last, 0, 1, size - 1)
  await handle.appendFile(last.toString() === '\n' ? line : `\n${line}`)
  await handle.sync().catch(() => {}) // /dev/null can't be synced
}

function unknown(target: Target, blob: Buffer): BringupError {
  const seen = `${keyType(blob)} ${fingerprint(blob)}`
  return new BringupError('HOST_KEY_UNKNOWN', `the host key of ${target.name} is not known`, {
    host: target.name,
    expected: `a key for ${nameInKnownHosts(target.keyName, target.port)} in ${target.knownHosts.join(' or ')}`,
    seen,
    remedy:
      'Compare that fingerprint with `ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub` on the host, then run with --accept-new.',
  })
}

function changed(target: Target, entry: KnownHost, blob: Buffer): BringupError {
  const name = nameInKnownHosts(target.keyName, target.port)
  return new BringupError(
    'HOST_KEY_CHANGED',
    `the host key of ${target.name} is not the one in ${entry.file}:${entry.line}; nothing was sent to it`,
    {
      host: target.name,
      expected: `${entry.type} ${fingerprint(Buffer.from(entry.key, 'base64'))}`,
      seen: `${keyType(blob)} ${fingerprint(blob)}`,
      remedy: `Find out why. If the machine was installed anew: ssh-keygen -R '${name}' -f ${entry.file}`,
    },
  )
}

function revoked(target: Target, entry: KnownHost): BringupError {
  return new BringupError(
    'HOST_KEY_REVOKED',
    `the host key of ${target.name} is marked as revoked in ${entry.file}:${entry.line}`,
    { host: target.name, remedy: 'Do not use this host before it has a new key.' },
  )
}
