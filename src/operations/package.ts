import { basename } from 'node:path'
import * as z from 'zod'
import { operation } from './operation.ts'
import type { ApplyContext, ReadContext } from './operation.ts'
import { absolutePath } from './params.ts'
import { apt } from './package_apt.ts'
import { packagesIn } from './package_files.ts'
import { packageManagerOf } from './package_manager.ts'
import { rpm } from './package_rpm.ts'
import { afterSteps, mergePackages, PACKAGES_KEY, planSteps, stepText } from './package_state.ts'
import type { Packages, PackageSpec, PackageStep, WantedPackages } from './package_state.ts'

/** What a package manager is to us. */
export interface PackageManager {
  read(context: ReadContext, want: WantedPackages): Promise<Packages>
  /** Takes all steps in as few transactions as it can; without any, completes one that was cut off. */
  apply(context: ApplyContext, steps: readonly PackageStep[], want: PackageWant): Promise<void>
}

const spec = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9+._:@-]*(=[A-Za-z0-9.+:~^_*?-]+)?$/,
    'must be a package name, as "pcs" or "pcs=0.11*"',
  )
  .transform((text): PackageSpec => {
    const [name = '', version = null] = text.split('=')
    return { name, version }
  })

const params = z
  .strictObject({
    names: z
      .union([spec.transform((one) => [one]), z.array(spec).min(1).readonly()])
      .optional()
      .describe('Names of packages; `name=1.2*` asks for a version, where * is anything'),
    files: z
      .array(absolutePath)
      .min(1)
      .readonly()
      .optional()
      .describe(
        'Files of packages (.deb, .rpm) on the host, instead of names: their very versions are installed, with what they need from the package sources',
      ),
    state: z
      .enum(['present', 'absent', 'latest'])
      .default('present')
      .describe('`latest` upgrades to what the sources have now, and refreshes their lists for it'),
    start_services: z
      .boolean()
      .default(true)
      .describe("False keeps Debian's packages from starting their services while they are installed"),
    recommends: z
      .boolean()
      .optional()
      .describe('Whether recommended (weak) dependencies come along; left out, as the host is configured'),
    allow_removals: z
      .boolean()
      .default(false)
      .describe('Whether installing may remove other packages that are in conflict'),
    lock_timeout: z
      .int()
      .positive()
      .default(600)
      .describe('Seconds to wait while another process uses the package manager'),
  })
  .refine(
    ({ names, files }) => (names === undefined) !== (files === undefined),
    'either names or files is needed',
  )
  .refine(({ files, state }) => files === undefined || state === 'present', {
    path: ['state'],
    message: 'must be present where files are named',
  })
  .refine(({ names = [] }) => new Set(names.map(({ name }) => name)).size === names.length, {
    path: ['names'],
    message: 'must not name a package twice',
  })
  .refine(({ names = [], state }) => state !== 'absent' || names.every(({ version }) => version === null), {
    path: ['names'],
    message: 'must have no versions where the packages are to be absent',
  })

export type PackageWant = z.output<typeof params>

/**
 * Packages, by apt, dnf or yum, whichever is the host's own, from the host's package sources or from files on it.
 * Existing configuration files are kept, nothing asks questions, and nothing is removed unasked. Lists of packages are
 * refreshed when they are older than an hour or than the host's sources, or when a package is not found in them.
 */
export const packageOperation = operation('package', {
  params,
  subject: ({ names = [], files = [] }) =>
    [
      ...names.map(({ name, version }) => (version === null ? name : `${name}=${version}`)),
      ...files.map((file) => basename(file)),
    ].join(', '),
  key: () => PACKAGES_KEY,
  merge: mergePackages,
  async read(context, want): Promise<Packages> {
    const manager = managerOf(context)
    if (want.files === undefined) return manager.read(context, wanted(want))
    const inFiles = await packagesIn(context, want.files)
    return { ...(await manager.read(context, { names: inFiles, state: 'present' })), inFiles }
  },
  plan(now, want) {
    const changes = planSteps(now, wanted(want, now)).map((step) => ({ summary: stepText(step) }))
    if (now.cutOff === true) changes.unshift({ summary: 'complete an installation that was cut off' })
    const more = now.dependants
    if (changes.length > 0 && more.length > 0)
      changes.push({ summary: `remove with it, since they need it: ${more.join(', ')}` })
    return changes
  },
  apply: (context, _changes, want, now) =>
    managerOf(context).apply(context, planSteps(now, wanted(want, now)), want),
  after: (now: Packages, want) => afterSteps(now, wanted(want, now)),
})

const wanted = ({ names, state }: PackageWant, now?: Packages): WantedPackages => ({
  names: names ?? now?.inFiles ?? [],
  state,
})

function managerOf({ facts }: ReadContext): PackageManager {
  const manager = packageManagerOf(facts)
  return manager === 'apt' ? apt : rpm(manager)
}
