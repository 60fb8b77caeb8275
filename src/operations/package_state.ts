/** One package as it was asked for: a name, and a version or a pattern of one (`1.2*`) where that matters. */
export interface PackageSpec {
  readonly name: string
  readonly version: string | null
  /** The file on the host that it comes from; then name and version are what that file holds. */
  readonly file?: string
}

export interface PackageState {
  /** Versions that are installed: none, one, or for kernels more. */
  readonly installed: readonly string[]
  /** What the package manager would install for the spec (its pattern counts); null when not known here. */
  readonly candidate: string | null
  /** True in check mode, where an earlier task would have changed it. */
  readonly planned?: true
}

export interface Packages {
  readonly packages: Readonly<Record<string, PackageState>>
  /** What would have to go together with those that are to be absent. */
  readonly dependants: readonly string[]
  /** An earlier transaction was cut off, as by a power cut, and waits to be completed; nobody is at it. */
  readonly cutOff?: boolean
  /** What the files hold that were asked for, where it was files. */
  readonly inFiles?: readonly PackageSpec[]
}

export interface WantedPackages {
  readonly names: readonly PackageSpec[]
  readonly state: 'present' | 'absent' | 'latest'
}

export interface PackageStep {
  readonly kind: 'install' | 'change' | 'upgrade' | 'remove'
  readonly spec: PackageSpec
  readonly from: string | null
  /** Null when not known yet. */
  readonly to: string | null
}

/** The key that all package tasks share in check mode, and that services ask for what is planned. */
export const PACKAGES_KEY = 'packages'

const UNSEEN: PackageState = { installed: [], candidate: null }

export const stateOf = (now: Packages, name: string): PackageState => now.packages[name] ?? UNSEEN

/** What is left to do, per package, in the order asked for. */
export function planSteps(now: Packages, want: WantedPackages): PackageStep[] {
  return want.names.flatMap((spec): PackageStep[] => {
    const { version } = spec
    const { installed, candidate: known } = stateOf(now, spec.name)
    const from = installed[0] ?? null
    // In check mode it may be what an earlier task asked for.
    const candidate = known !== null && (version === null || versionMatches(known, version)) ? known : null
    if (want.state === 'absent') return from === null ? [] : [{ kind: 'remove', spec, from, to: null }]
    if (from === null) return [{ kind: 'install', spec, from, to: candidate }]
    if (version !== null && !installed.some((one) => isWanted(spec, one)))
      return [{ kind: 'change', spec, from, to: candidate }]
    if (want.state === 'latest' && candidate !== null && !installed.includes(candidate))
      return [{ kind: 'upgrade', spec, from, to: candidate }]
    return []
  })
}

/** A file is of one version; a version in words may be a pattern. */
const isWanted = ({ version, file }: PackageSpec, installed: string): boolean =>
  version === null || (file === undefined ? versionMatches(installed, version) : installed === version)

export function stepText({ kind, spec, from, to }: PackageStep): string {
  const target = to ?? spec.version
  if (kind === 'remove') return `remove ${spec.name} ${from}`
  if (kind === 'install') return ['install', spec.name, target].filter((word) => word !== null).join(' ')
  return `${kind} ${spec.name} ${from} → ${target}`
}

/** What will be there once the steps are taken; a version that is not known yet is the pattern asked for, or `?`. */
export function afterSteps(now: Packages, want: WantedPackages): Packages {
  const changed = planSteps(now, want).map(({ kind, spec, to }) => {
    const installed = kind === 'remove' ? [] : [to ?? spec.version ?? '?']
    const { candidate } = stateOf(now, spec.name)
    return [spec.name, { installed, candidate, planned: true }] as const
  })
  return { ...keptFiles(now), packages: { ...now.packages, ...Object.fromEntries(changed) }, dependants: [] }
}

const keptFiles = ({ inFiles }: Packages): Pick<Packages, 'inFiles'> =>
  inFiles === undefined ? {} : { inFiles }

export const mergePackages = (now: Packages, planned: Packages): Packages => ({
  ...keptFiles(now),
  packages: { ...now.packages, ...planned.packages },
  dependants: now.dependants,
})

/** True when an earlier task of this check would install something, which could bring units, users and files. */
export const anyPlanned = (packages: Packages | undefined): boolean =>
  Object.values(packages?.packages ?? {}).some((one) => one.planned === true && one.installed.length > 0)

/**
 * Whether a version is what a pattern asks for: `*` is anything, `?` one character. An epoch (`1:`) may be left out of
 * the pattern, and so may a revision (`-1.el9`), since few people know either.
 */
export function versionMatches(version: string, pattern: string): boolean {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (found) =>
    found === '*' ? '.*' : found === '?' ? '.' : `\\${found}`,
  )
  const asked = new RegExp(`^${source}$`, 's')
  const epochless = version.replace(/^\d+:/, '')
  return [version, epochless, epochless.replace(/-[^-]*$/, '')].some((form) => asked.test(form))
}

/** What is to be looked at: a file brings its own version, so that nobody asks what the package sources have. */
export const subjectOf = ({ names, state }: WantedPackages): WantedPackages['state'] | 'files' =>
  names.some(({ file }) => file !== undefined) ? 'files' : state
