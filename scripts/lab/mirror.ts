import { BringupError } from '../../src/errors.ts'
import { local } from './local.ts'
import type { Release } from './state.ts'

/** Where this machine takes Debian from: base addresses of the archive and of its security updates. */
export interface Mirror {
  archive: string
  security: string
}

/**
 * The mirror in this machine's own apt sources. apt is asked instead of its files: it knows all their formats, and
 * from the signed index which of them are Debian's own.
 *
 * @throws BringupError LAB_UNAVAILABLE where no source is Debian's
 */
export async function findMirror(): Promise<Mirror> {
  const known = (await readMirror()) ?? (await refreshed())
  if (known !== undefined) return known
  throw new BringupError('LAB_UNAVAILABLE', 'no apt source of this machine is Debian’s archive', {
    remedy: 'Run the lab on Debian, or add a Debian mirror to /etc/apt/sources.list.d.',
  })
}

async function refreshed(): Promise<Mirror | undefined> {
  await local({ nothrow: true })`apt-get update -q`
  return readMirror()
}

async function readMirror(): Promise<Mirror | undefined> {
  const { stdout } =
    await local()`apt-get indextargets --format ${'$(ORIGIN)|$(LABEL)|$(REPO_URI)'} ${'Created-By: Packages'}`
  return parseTargets(stdout)
}

/** @param text lines `ORIGIN|LABEL|REPO_URI` */
export function parseTargets(text: string): Mirror | undefined {
  const targets = text.split('\n').map((line) => line.split('|'))
  const find = (label: string): string | undefined =>
    targets.find(([origin, itsLabel]) => origin === 'Debian' && itsLabel === label)?.[2]?.replace(/\/+$/, '')
  const archive = find('Debian')
  // A machine without the security suite still has it on its mirror's sibling path.
  return archive === undefined
    ? undefined
    : { archive, security: find('Debian-Security') ?? `${archive}-security` }
}

/**
 * Releases past their security support (bullseye: August 2026). Mirrors then drop the updates' files while the index
 * still names them, and installing fails; what the archive itself holds stays.
 */
const ended: ReadonlySet<Release> = new Set<Release>(['bullseye'])

/** sources.list(5) of a release. Node and builder use the same lines. */
export function sourceLines(mirror: Mirror, release: Release): string[] {
  const options = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  const archive = [release, `${release}-updates`].map(
    (suite) => `deb ${options} ${mirror.archive} ${suite} main`,
  )
  return ended.has(release)
    ? archive
    : [...archive, `deb ${options} ${mirror.security} ${release}-security main`]
}
