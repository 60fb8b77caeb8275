import type { ModuleManifest } from '../../src/drbd/module_manifest.ts'
import { buildsOn } from '../../src/drbd/kernels.ts'
import { canTalk } from '../../src/drbd/protocols.ts'
import { utilsServe } from '../../src/drbd/utils_for_module.ts'
import { refuse } from '../../src/drbd/verdict.ts'
import type { Refusal, Verdict } from '../../src/drbd/verdict.ts'
import { moduleFolder } from './look.ts'
import type { KernelModules, NodeModules } from './look.ts'

export interface Looked {
  readonly node: string
  readonly modules: NodeModules
}

/** What is wanted on each kernel. */
export interface ModuleWanted {
  /** `drbd-9.2.16` */
  readonly name: string
  readonly signed: boolean
}

/** Whether a kernel has the wanted modules, whole, and would load them. */
export function isInstalled(kernel: KernelModules, { name, signed }: ModuleWanted): boolean {
  const { manifest, sums, place, release } = kernel
  return (
    manifest !== null &&
    manifest.name === name &&
    manifest.kernel === release &&
    manifest.signed === signed &&
    isWhole(manifest, sums) &&
    place === `${moduleFolder(release)}/drbd.ko`
  )
}

/** Whether exactly the files that a manifest names are there. */
export const isWhole = (manifest: ModuleManifest, sums: Readonly<Record<string, string>>): boolean =>
  Object.keys(sums).length === manifest.files.length &&
  manifest.files.every(({ file, sha256 }) => sums[file] === sha256)

/** Kernels that lack the wanted modules on some node, in order of first meeting. */
export const dueKernels = (looked: readonly Looked[], wanted: ModuleWanted): string[] => [
  ...new Set(
    looked.flatMap(({ modules }) =>
      modules.kernels.filter((kernel) => !isInstalled(kernel, wanted)).map(({ release }) => release),
    ),
  ),
]

/** Whether a kernel is older than all that run, so that nothing boots it unless somebody chooses it. */
export const isLeftOver = (kernel: string, running: readonly string[]): boolean =>
  running.every((other) => kernel.localeCompare(other, 'en', { numeric: true }) < 0)

/** Everything that speaks against a version before anything is compiled: kernels, peers that run another, the utils. */
export function versionVerdicts(
  version: string,
  looked: readonly Looked[],
  utils: string | null,
): { readonly refusals: readonly Refusal[]; readonly warnings: readonly string[] } {
  const running = looked.map(({ modules }) => modules.running)
  const peers = looked.flatMap(({ modules: { devices, modules } }) =>
    devices.length === 0 ? [] : (modules[0]?.loaded?.version ?? []),
  )
  const verdicts: Verdict[] = [
    ...[...new Set(running)].map((kernel) => buildsOn(version, kernel)),
    ...[...new Set(peers)].map((peer) => canTalk(version, peer)),
    ...(utils === null ? [] : [utilsServe(utils, version)]),
  ]
  return {
    refusals: verdicts.filter((verdict) => !verdict.ok),
    warnings: [...new Set(verdicts.flatMap((verdict) => (verdict.ok ? verdict.warnings : [])))],
  }
}

/** Modules that are loaded and are not what the running kernel would load now. */
export const outdated = ({ modules }: NodeModules): string[] =>
  modules
    .filter(({ loaded, file }) => loaded !== null && (file === null || loaded.srcversion !== file.srcversion))
    .map(({ module }) => module)

/**
 * Whether the module that runs would have to be replaced while it is in use, which is refused: what lies on its devices
 * would be taken away.
 *
 * @param version that is wanted
 */
export function inUse({ modules, devices }: NodeModules, version: string): Refusal | null {
  const loaded = modules[0]?.loaded
  if (loaded == null || devices.length === 0) return null
  const same = loaded.version === version.replace(/-.*/, '')
  if (same) return null
  return refuse('the DRBD that runs is in use, and would have to be unloaded', {
    expected: `DRBD ${version}, or none of its devices up`,
    seen: `DRBD ${loaded.version} with ${devices.join(', ')}`,
    remedy:
      'Take it out of use on this node: move what runs on it to the other node, then drbdadm down all; or leave the version as it is.',
  })
}

/** The package that updates a kernel, by that of its headers; null where that is not known. */
export function kernelPackage(release: string, headers: string): string | null {
  if (headers.endsWith(`-devel-${release}`)) return headers.slice(0, -`-devel-${release}`.length)
  const flavour = /-([a-z][a-z0-9-]*)$/.exec(release)?.[1]
  return headers === `linux-headers-${release}` && flavour !== undefined ? `linux-image-${flavour}` : null
}
