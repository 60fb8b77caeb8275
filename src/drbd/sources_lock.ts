import { BringupError } from '../errors.ts'
import type { Place } from '../errors.ts'
import type { Problems } from '../problems.ts'
import { describe, placeOf } from '../yaml/located.ts'
import type { Entry } from '../yaml/located.ts'
import { readYaml } from '../yaml/read_yaml.ts'
import type { YamlText } from '../yaml/read_yaml.ts'
import { expectMap, refuseOtherKeys } from '../yaml/shape.ts'

/** The file's name, beside the inventory. */
export const SOURCES_LOCK = 'sources.lock.yml'

export interface LockedSource {
  /** Product and version: `drbd-9.2.14`. */
  readonly name: string
  /** 64 hexadecimal digits, in small letters. */
  readonly sha256: string
  /** The URL or path that it came from when it was taken in; for people. */
  readonly from: string | null
  readonly at: Place
}

export type SourcesLock = ReadonlyMap<string, LockedSource>

const CODE = 'SOURCES_LOCK_INVALID'
const ENTRY_REMEDY = 'Write "sha256:" below it, and "from:" if you like.'

/** Reads a lock file; an empty one locks nothing. What is wrong is added to the problems. */
export function readSourcesLock(source: YamlText, problems: Problems): SourcesLock {
  const lock = new Map<string, LockedSource>()
  const root = readYaml(source, problems)
  if (root === null) return lock
  const map = expectMap(root, 'a lock file of sources', 'Write "sources:" at its top.', problems, CODE)
  refuseOtherKeys(map, 'a lock file of sources', ['sources'], problems, CODE)
  const sources = map.entries.get('sources')
  if (sources === undefined) return lock
  const remedy = 'Write a line "drbd-9.2.14:" per source below it.'
  for (const [name, entry] of expectMap(sources.value, '"sources"', remedy, problems, CODE).entries) {
    const locked = readSource(name, entry, problems)
    if (locked !== null) lock.set(name, locked)
  }
  return lock
}

function readSource(name: string, entry: Entry, problems: Problems): LockedSource | null {
  const what = `the source "${name}"`
  const before = problems.count
  const map = expectMap(entry.value, what, ENTRY_REMEDY, problems, CODE)
  if (problems.count > before) return null
  refuseOtherKeys(map, what, ['sha256', 'from'], problems, CODE)
  const digest = map.entries.get('sha256')
  if (digest === undefined) {
    problems.add(CODE, `${what} has no "sha256"`, { at: entry.key, remedy: ENTRY_REMEDY })
    return null
  }
  const sha256 = digest.value.kind === 'scalar' ? digest.value.value : null
  // Digits alone would be read as a number, and cut.
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256)) {
    problems.add(CODE, `"sha256" of ${what} must be 64 hexadecimal digits, not ${describe(digest.value)}`, {
      at: placeOf(digest),
      remedy: 'Write what sha256sum prints for the tarball that you trust, in quotes.',
    })
    return null
  }
  const from = map.entries.get('from')
  const given = from?.value.kind === 'scalar' ? from.value.value : undefined
  if (from !== undefined && typeof given !== 'string') {
    problems.add(CODE, `"from" of ${what} must be text, not ${describe(from.value)}`, {
      at: placeOf(from),
      remedy: 'Write the URL or path that it came from, or take the line out.',
    })
  }
  return {
    name,
    sha256: sha256.toLowerCase(),
    from: typeof given === 'string' ? given : null,
    at: placeOf(digest),
  }
}

/**
 * Compares what was fetched with what is locked.
 * @returns `same`, or `unknown` where nothing is locked by that name: somebody has to be asked before it is used
 * @throws BringupError SOURCE_CHANGED where something else was fetched than before
 */
export function compareSource(
  lock: SourcesLock,
  { name, sha256, from }: { name: string; sha256: string; from: string },
): 'same' | 'unknown' {
  const locked = lock.get(name)
  if (locked === undefined) return 'unknown'
  if (locked.sha256 === sha256.toLowerCase()) return 'same'
  const shown = withoutLogin(from)
  throw new BringupError('SOURCE_CHANGED', `${name} from ${shown} is not the one that was taken in before`, {
    at: locked.at,
    expected: `sha256 ${locked.sha256}${locked.from === null ? '' : `, from ${locked.from}`}`,
    seen: `sha256 ${sha256.toLowerCase()}, from ${shown}`,
    remedy:
      'Find out which of the two is right before either is built: a release does not change. ' +
      `Only where the new one is proven right, correct its line in ${SOURCES_LOCK}.`,
  })
}

/** A URL as it may be shown and kept in a file: without the user and password that it can carry. */
export const withoutLogin = (from: string): string => from.replace(/^(\w+:\/\/)[^/]*@/, '$1')
