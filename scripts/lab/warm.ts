import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BringupError } from '../../src/errors.ts'
import { aptProxies } from './apt.ts'
import type { Base, Builder } from './base.ts'
import { cached, keyOf } from './cache.ts'

/** Names that stand for several packages in `warm`. */
const sets: Readonly<Record<string, readonly string[]>> = {
  cluster: ['corosync', 'pacemaker', 'pcs', 'crmsh', 'resource-agents', 'fence-agents', 'apache2', 'rsync'],
}

/** The packages that are meant. */
export const namesOf = (packages: readonly string[]): string[] =>
  [...new Set(packages.flatMap((name) => sets[name] ?? [name]))].toSorted()

/**
 * The layers to lay over a base, if any: fresh package lists, and the files of these packages with all that they would
 * bring, in apt's own cache and not installed. `apt-get install` of them on a node downloads nothing. Call it under the
 * base's lock.
 *
 * @throws BringupError LAB_FAILED with what apt said, for example for a package that the release does not have
 */
export async function warmLayers(
  base: Base,
  packages: readonly string[],
  builder: Builder,
): Promise<string[]> {
  if (packages.length === 0) return []
  const wanted = namesOf(packages)
  const name = `warm-${keyOf(wanted)}`
  const folder = await cached(base.folder, name, name, async (into) => {
    builder.say(`downloading ${wanted.join(', ')} for ${base.recipe.release} (once a week at most)`)
    await download(base, wanted, into, builder)
  })
  return [join(folder, 'layer')]
}

/** This machine's apt works on the base's sources and status, and puts everything elsewhere. */
async function download(
  base: Base,
  packages: readonly string[],
  into: string,
  { local }: Builder,
): Promise<void> {
  const archives = join(into, 'layer/var/cache/apt/archives')
  const lists = join(into, 'layer/var/lib/apt/lists')
  const config = join(into, 'apt.conf')
  await mkdir(join(archives, 'partial'), { recursive: true })
  await mkdir(join(lists, 'partial'), { recursive: true })
  const settings = [
    `Dir "${base.root}"`,
    `Dir::Cache::archives "${archives}"`,
    `Dir::State::lists "${lists}"`,
    `Dir::State::status "${base.root}/var/lib/dpkg/status"`,
    // apt's index of them would name these paths, and the node's apt makes its own.
    'Dir::Cache::pkgcache ""',
    'Dir::Cache::srcpkgcache ""',
    'Debug::NoLocking "true"',
    'APT::Sandbox::User "root"',
    'Acquire::Languages "none"',
    ...(await aptProxies()),
  ]
  await writeFile(config, settings.map((line) => `${line};\n`).join(''))
  const apt = local({ env: { APT_CONFIG: config }, nothrow: true })
  const update = await apt`apt-get -q update`
  const install = ['--download-only', '-q', '-y', 'install', ...packages]
  const { exitCode, stderr } = update.exitCode === 0 ? await apt`apt-get ${install}` : update
  if (exitCode !== 0) {
    throw new BringupError('LAB_FAILED', `apt could not download ${packages.join(', ')}`, {
      seen: stderr.trim(),
    })
  }
  // Root's, where a node's apt expects those of its own user.
  await Promise.all([archives, lists].map((folder) => rm(join(folder, 'partial'), { recursive: true })))
}
