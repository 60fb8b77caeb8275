import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { Bytes } from '../connection/remote.ts'
import type { ReadContext } from './operation.ts'
import { cut } from './path_look.ts'
import type { PathSight } from './path_look.ts'
import { PATHS } from './paths_look.ts'

/** A user or group; null where it is not known, as for an id without a name, or a name that is only planned. */
export interface Account {
  readonly name: string | null
  readonly id: number | null
}

export interface Attributes {
  /** Four octal digits: `0644`. */
  readonly mode: string
  readonly owner: Account
  readonly group: Account
}

/** What holds it: `planned` in check mode, where an earlier task would have made it. */
export type Parent = 'present' | 'missing' | 'planned'

export interface AbsentPath {
  readonly kind: 'absent'
  /** Where it would be, when a symlink was followed there. */
  readonly at?: string
  readonly parent: Parent
  /** Who we are there, who will own what we make. */
  readonly owner: Account
  readonly group: Account
}

export interface FilePath extends Attributes {
  readonly kind: 'file'
  /** Where it is, when a symlink was followed there. */
  readonly at?: string
  readonly size: Bytes
  readonly sha256: string
  /** Null for a file that is larger than {@link LARGEST_SHOWN}. */
  readonly content: Buffer | null
  /** True in check mode where an earlier task would have put a secret there: never shown. */
  readonly secret?: boolean
}

export interface DirectoryPath extends Attributes {
  readonly kind: 'directory'
  /** Where it is, when a symlink was followed there. */
  readonly at?: string
}

export interface SymlinkPath {
  readonly kind: 'symlink'
  readonly target: string
  readonly owner: Account
  readonly group: Account
}

/** A device, socket or pipe. */
export interface OtherPath extends Attributes {
  readonly kind: 'other'
}

export type PathState = AbsentPath | FilePath | DirectoryPath | SymlinkPath | OtherPath

/** Files up to this size are read whole, so that they can be edited and shown as a diff. */
export const LARGEST_SHOWN: Bytes = 1024 * 1024

/** The key that all operations on one path share, so that check mode knows what earlier ones would have left. */
export const pathKey = (path: string): string => `path:${path}`

/**
 * What is at a path, in one round trip. A symlink is itself unless `follow` is set; then what it leads to is read.
 * @throws BringupError COMMAND_FAILED when it cannot be looked at; a path that can't be seen is never taken for absent
 */
export async function readPath(
  context: ReadContext,
  path: string,
  options: { follow?: boolean; digestOnly?: boolean } = {},
): Promise<PathState> {
  const shown = options.digestOnly === true ? -1 : LARGEST_SHOWN
  const sight = await context.ask(PATHS, { path, follow: options.follow === true, shown })
  const found = parseState(sight)
  const state = sight.at === path ? found : { ...found, at: sight.at }
  if (state.kind !== 'absent' || state.parent === 'present') return state
  const parent = context.planned<PathState>(pathKey(posix.dirname(path)))
  return parent?.kind === 'directory' ? { ...state, parent: 'planned' } : state
}

const TYPE_BITS = 0o170000
const kinds: Readonly<Record<number, 'file' | 'directory' | 'symlink'>> = {
  0o100000: 'file',
  0o040000: 'directory',
  0o120000: 'symlink',
}

function parseState({ head, body }: PathSight): PathState {
  const [numbers = '', user = '', group = ''] = head.split('\n')
  if (numbers.startsWith('absent ')) {
    const [, parent, uid, gid] = numbers.split(' ')
    return {
      kind: 'absent',
      parent: parent as Parent,
      owner: account(uid === '0' ? 'root' : '', uid),
      group: account(gid === '0' ? 'root' : '', gid),
    }
  }
  const [rawMode = '', size, uid, gid] = numbers.split(' ')
  const raw = Number.parseInt(rawMode, 16)
  const mode = (raw & 0o7777).toString(8).padStart(4, '0')
  const kind = kinds[raw & TYPE_BITS] ?? 'other'
  const who = { owner: account(user, uid), group: account(group, gid) }
  if (kind === 'symlink') return { kind, ...who, target: body.toString('utf8', 0, body.length - 1) }
  if (kind !== 'file') return { kind, mode, ...who }
  const [form, bytes] = cut(body)
  if (form === 'content')
    return { kind, mode, ...who, size: bytes.length, sha256: digestOf(bytes), content: Buffer.from(bytes) }
  return { kind, mode, ...who, size: Number(size), sha256: bytes.toString('latin1', 0, 64), content: null }
}

/** GNU and busybox both print `UNKNOWN` for an id without a name. */
const account = (name: string, id: string | undefined): Account => ({
  name: name === '' || name === 'UNKNOWN' ? null : name,
  id: Number(id),
})

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
