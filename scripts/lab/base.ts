import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BringupError } from '../../src/errors.ts'
import { aptProxies } from './apt.ts'
import { cached, cacheRoot, keyOf } from './cache.ts'
import type { local } from './local.ts'
import { findMirror, sourceLines } from './mirror.ts'
import { basePackages, buildOptions, finishBase, finishMachine, machinePackages } from './recipe.ts'
import type { Recipe } from './recipe.ts'
import type { Kind, Release } from './state.ts'

/** A cached base: `root` is the tree that nodes are overlays of. */
export interface Base {
  folder: string
  root: string
  recipe: Recipe
}

/** What a build needs of the one who asks for it. */
export interface Builder {
  /** Told what takes long. */
  say(line: string): void
  /** Runs what must not outlive the asker. */
  local: typeof local
}

/** Held while a base is looked up or built, and until the nodes that stand on it are mounted. */
export function baseLock(release: Release, kind: Kind): string {
  return join(cacheRoot(), `${family(release, kind)}.lock`)
}

const family = (release: Release, kind: Kind): string => (kind === 'vms' ? `vm-${release}` : release)

/**
 * The base of a release, built in about half a minute where the cache has none. Call it under {@link baseLock}.
 *
 * @throws BringupError LAB_UNAVAILABLE (no Debian mirror known), LAB_FAILED (the build failed)
 */
export async function ensureBase(release: Release, kind: Kind, builder: Builder): Promise<Base> {
  const sources = sourceLines(await findMirror(), release)
  const recipe: Recipe = {
    release,
    packages: kind === 'vms' ? [...basePackages, ...machinePackages] : basePackages,
    sources,
    options: buildOptions(release),
    finish: kind === 'vms' ? finishBase + finishMachine : finishBase,
  }
  const name = family(release, kind)
  const folder = await cached(cacheRoot(), name, `${name}-${keyOf(recipe)}`, async (into) => {
    builder.say(`making the ${release} base of ${kind} (once a week at most)`)
    await build(recipe, join(into, 'root'), builder)
  })
  return { folder, root: join(folder, 'root'), recipe }
}

async function build(recipe: Recipe, root: string, { local }: Builder): Promise<void> {
  await mkdir(root)
  const options = [
    '--quiet',
    '--mode=root',
    '--variant=minbase',
    ...recipe.options,
    `--include=${recipe.packages.join(',')}`,
    ...(await aptProxies()).map((setting) => `--aptopt=${setting}`),
  ]
  const hook = `--customize-hook=sh -c ${shellQuote(recipe.finish)} finish "$1"`
  const input = recipe.sources.join('\n') + '\n'
  const command = ['mmdebstrap', ...options, hook, recipe.release, root, '-']
  const { exitCode, stderr } = await local({ input, nothrow: true })`${command}`
  if (exitCode === 0) return
  await rm(root, { recursive: true, force: true })
  throw new BringupError('LAB_FAILED', `mmdebstrap could not make the ${recipe.release} base`, {
    seen: stderr.trim().split('\n').slice(-20).join('\n'),
    remedy: 'Check that apt-get update works on this machine, then try again.',
  })
}

const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
