import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Confirm } from '../connection/ask.ts'
import { releaseUrls } from '../drbd/release_urls.ts'
import { compareSource, withoutLogin } from '../drbd/sources_lock.ts'
import type { SourcesLock } from '../drbd/sources_lock.ts'
import { refusal } from '../drbd/verdict.ts'
import { isRefusal, releaseOf } from '../drbd/versions.ts'
import type { Release } from '../drbd/versions.ts'
import { asBringupError, BringupError } from '../errors.ts'
import { sizeText } from '../operations/content.ts'
import { fetchCache } from '../operations/fetch_cache.ts'
import { digestOfFile, fetchUrl } from '../operations/fetch_url.ts'
import type { Progress } from '../operations/fetch_url.ts'
import { findSource } from '../operations/source_file.ts'
import { shownPath } from '../path.ts'
import { createProblems } from '../problems.ts'
import { inspectTarball } from './inspect.ts'
import { addToLockFile, readLockFile } from './lock_file.ts'
import type { Source, SourceWanted } from './source.ts'

export interface SourcesOptions {
  /** The lock of sources: `sources.lock.yml` beside the inventory. */
  readonly lockFile: string
  readonly projectDirectory: string
  readonly cwd: string
  readonly signal: AbortSignal
  readonly confirm: Confirm
  /** Says how far a download is. */
  progress(message: string): void
  /** Says that a source was taken in. */
  note(message: string): void
}

/** @param roleDirectory of the role that asks, whose own files come first */
export type GetSource = (wanted: SourceWanted, roleDirectory: string) => Promise<Source>

interface Candidate {
  readonly source: Source
  /** The URL or path that it came from. */
  readonly from: string
}

/**
 * Gives out the sources of one run, one after the other and each once: fetched (or found on the controller), looked into,
 * and held against the lock. One that is not locked yet is locked where a person says that it is the right one.
 */
export function createSources(options: SourcesOptions): GetSource {
  const known = new Map<string, Promise<Source>>()
  let last: Promise<unknown> = Promise.resolve()
  return (wanted, roleDirectory) => {
    const key = JSON.stringify([wanted, wanted.tarball === undefined ? '' : roleDirectory])
    const before = last
    const source =
      known.get(key) ??
      before.then(
        () => obtain(wanted, roleDirectory, options),
        () => obtain(wanted, roleDirectory, options),
      )
    known.set(key, source)
    last = source
    return source
  }
}

async function obtain(wanted: SourceWanted, roleDirectory: string, options: SourcesOptions): Promise<Source> {
  const release = releaseOf(wanted.product, wanted.version)
  if (isRefusal(release)) throw refusal(release)
  const { lockFile, cwd, projectDirectory } = options
  const problems = createProblems()
  const lock = readLockFile(lockFile, cwd, problems)
  problems.throwIfAny()
  const candidate =
    wanted.tarball === undefined
      ? await fetched(release, wanted.urls ?? releaseUrls(release), lock, options)
      : await local(
          release,
          await findSource({ controller: { roleDirectory, projectDirectory } }, wanted.tarball),
        )
  const { source, from } = candidate
  if (compareSource(lock, { ...source, from }) === 'unknown') await takeIn({ ...source, from }, options)
  return source
}

const nameOf = ({ product, text }: Release): string => `${product}-${text}`

async function local(release: Release, file: string): Promise<Candidate> {
  const sha256 = (await digestOfFile(file)) ?? ''
  const folder = await inspectTarball(file, { release, from: file })
  return { source: { name: nameOf(release), file, sha256, folder }, from: file }
}

/** @throws BringupError FETCH_FAILED, SOURCE_WRONG, SOURCE_CHANGED where no URL gives what is wanted */
async function fetched(
  release: Release,
  urls: readonly string[],
  lock: SourcesLock,
  options: SourcesOptions,
): Promise<Candidate> {
  const name = nameOf(release)
  const { signal } = options
  const cache = fetchCache(options.projectDirectory)
  await mkdir(cache, { recursive: true })
  const locked = lock.get(name)
  if (locked !== undefined) {
    const file = join(cache, locked.sha256)
    if ((await digestOfFile(file)) === locked.sha256) {
      const from = locked.from ?? file
      const folder = await inspectTarball(file, { release, from })
      return { source: { name, file, sha256: locked.sha256, folder }, from }
    }
  }
  const failures: BringupError[] = []
  for (const from of urls) {
    let file: string | null = null
    try {
      const got = await fetchUrl(new URL(from), cache, { signal, progress: teller(name, options) })
      file = got.file
      const source = { name, ...got, folder: await inspectTarball(file, { release, from }) }
      compareSource(lock, { ...source, from })
      return { source, from }
    } catch (error) {
      signal.throwIfAborted()
      // What is not it would only be in the way.
      if (file !== null) await rm(file, { force: true })
      failures.push(error instanceof BringupError ? error : unfetched(name, from, error))
    }
  }
  throw worst(name, failures)
}

const unfetched = (name: string, from: string, error: unknown): BringupError =>
  new BringupError('FETCH_FAILED', `cannot download ${name} from ${withoutLogin(from)}`, {
    seen: asBringupError(error).message,
    remedy: 'Correct its URLs, or get the tarball by other means and give its path on the controller.',
    cause: error,
  })

/** Another release than before is graver than one that can not be had. */
function worst(name: string, failures: readonly BringupError[]): BringupError {
  const changed = failures.find(({ code }) => code === 'SOURCE_CHANGED')
  const [first] = failures
  if (changed !== undefined || failures.length === 1) return changed ?? first!
  return new BringupError('FETCH_FAILED', `cannot download ${name} from any of its URLs`, {
    seen: failures
      .map(({ message, details: { seen } }) => (seen === undefined ? message : `${message}: ${seen}`))
      .join('\n'),
    remedy: 'Correct its URLs, or get the tarball by other means and give its path on the controller.',
  })
}

/** Tells how far a download is, about once a second. */
function teller(name: string, { progress }: SourcesOptions): Progress {
  let next = 0
  return (have, of) => {
    if (performance.now() < next) return
    next = performance.now() + 1000
    progress(
      `${name}: ${sizeText(have)}${of === null ? '' : ` of ${sizeText(of)}, ${Math.floor((have / of) * 100)} %`}`,
    )
  }
}

/** @throws BringupError SOURCE_UNKNOWN where nobody is there to say that it is the right one, or says no */
async function takeIn(source: Source & { from: string }, options: SourcesOptions): Promise<void> {
  const { name, sha256 } = source
  const { lockFile, cwd } = options
  const from = withoutLogin(source.from)
  const lock = shownPath(cwd, lockFile)
  const answer = await options.confirm(
    `${name} is not in ${lock} yet. From ${from} comes one with sha256 ${sha256}. Is it the right one, to be built from now on?`,
  )
  if (answer === true) {
    await addToLockFile(lockFile, cwd, source)
    options.note(`${name} is locked in ${lock} from now on: sha256 ${sha256}`)
    return
  }
  const why = answer === null ? 'nobody is here to say that it is the right one' : 'the answer was no'
  throw new BringupError('SOURCE_UNKNOWN', `${name} is not in ${lock} yet, and ${why}`, {
    expected: `a line for ${name} in ${lock}`,
    seen: `sha256 ${sha256}, from ${from}`,
    remedy: `Hold the sum against one that you trust. Then add to ${lock}, below "sources:": ${name}: { sha256: "${sha256}" }`,
  })
}
