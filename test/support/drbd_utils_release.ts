import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached, cacheRoot } from '../../scripts/lab/cache.ts'
import { local } from '../../scripts/lab/local.ts'
import { withLock } from '../../scripts/lab/lock.ts'
import { findMirror } from '../../scripts/lab/mirror.ts'
import type { Release } from '../../scripts/lab/state.ts'
import { edited915 } from './drbd_utils_915.ts'

/**
 * LINBIT's own tarball of drbd-utils as the source package of a Debian release carries it, from the mirror that this
 * machine uses; kept for a week.
 * @returns its path, or null where the mirror does not have it any more
 */
export function releasedUtils(version: string, release: Release): Promise<string | null> {
  return kept(`drbd-utils-${version}-of-${release}`, version, async (into) => {
    const { archive } = await findMirror()
    const sources = join(into, 'sources.list')
    const signed = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
    await writeFile(sources, `deb-src ${signed} ${archive} ${release} main\n`)
    for (const folder of ['lists/partial', 'cache/archives/partial'])
      await mkdir(join(into, folder), { recursive: true })
    const own = [
      `Dir::Etc::SourceList=${sources}`,
      'Dir::Etc::SourceParts=/dev/null',
      `Dir::State::Lists=${join(into, 'lists')}`,
      `Dir::Cache=${join(into, 'cache')}`,
      'APT::Sandbox::User=root',
    ].flatMap((setting) => ['-o', setting])
    const $ = local({ cwd: into, nothrow: true })
    await $`apt-get ${own} -q update`
    // A mirror may have one part of a source package, and not the other: it is the tarball alone that counts.
    await $`apt-get ${own} -q source --download-only --tar-only drbd-utils=${version}-1`
    const found = (await readdir(into)).find((name) => name.endsWith('.orig.tar.gz'))
    await Promise.all(['lists', 'cache'].map((folder) => rm(join(into, folder), { recursive: true })))
    if (found !== undefined) await rename(join(into, found), join(into, `drbd-utils-${version}.tar.gz`))
  })
}

/**
 * A stand-in for 9.15.0: the programs of 9.22.0, with the spec's and the Makefile's parts as 9.15.0 has them that make
 * the difference (links in /sbin, words without quotes, `make rpm`).
 * @param of the tarball of 9.22.0
 */
export async function standIn915(of: string): Promise<string> {
  const made = await kept('drbd-utils-9.15.0-standin', '9.15.0', async (into) => {
    const $ = local({ cwd: into })
    await $`tar -xzf ${of}`
    await rename(join(into, 'drbd-utils-9.22.0'), join(into, 'drbd-utils-9.15.0'))
    await edited915(join(into, 'drbd-utils-9.15.0'))
    await $`tar --owner=0 --group=0 -czf drbd-utils-9.15.0.tar.gz drbd-utils-9.15.0`
    await rm(join(into, 'drbd-utils-9.15.0'), { recursive: true })
  })
  if (made === null) throw new Error('the stand-in was not made')
  return made
}

async function kept(
  family: string,
  version: string,
  make: (into: string) => Promise<void>,
): Promise<string | null> {
  const root = cacheRoot()
  await mkdir(root, { recursive: true, mode: 0o700 })
  return withLock(join(root, `${family}.lock`), async () => {
    const file = join(await cached(root, family, `${family}-3`, make), `drbd-utils-${version}.tar.gz`)
    return access(file).then(
      () => file,
      () => null,
    )
  })
}
