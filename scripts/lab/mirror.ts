import { $ } from 'zx/core'
import { BringupError } from '../../src/errors.ts'
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
  await $({ nothrow: true })`apt-get update -q`
  return readMirror()
}

async function readMirror(): Promise<Mirror | undefined> {
  const { stdout } =
    await $`apt-get indextargets --format ${'$(ORIGIN)|$(LABEL)|$(REPO_URI)'} ${'Created-By: Packages'}`
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

/** sources.list(5) of a release. Node and builder use the same lines. */
export function sourceLines(mirror: Mirror, release: Release): string[] {
  const options = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  return [
    `deb ${options} ${mirror.archive} ${release} main`,
    `deb ${options} ${mirror.archive} ${release}-updates main`,
    `deb ${options} ${mirror.security} ${release}-security main`,
  ]
}
