import semver from 'semver'
import { fine, refuse } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import { isRefusal, newerThanKnown, newestOf, releaseOf, rowFor } from './versions.ts'

interface Support {
  /** The release of DRBD that it holds from. */
  readonly from: string
  /** The oldest kernel that builds, null where nothing is known. */
  readonly oldest: string | null
  /** The newest kernel that the ChangeLog names, null where nothing is known. */
  readonly newest: string | null
}

/** Of LINBIT's ChangeLogs and of the check in each Makefile. */
const SUPPORT: readonly Support[] = [
  { from: '8.4.0', oldest: null, newest: null },
  { from: '9.0.0', oldest: '2.6.32', newest: '5.0' },
  { from: '9.0.20', oldest: '2.6.32', newest: '5.3' },
  { from: '9.0.32', oldest: '2.6.32', newest: '5.14' },
  { from: '9.1.0', oldest: '3.10', newest: '6.12' },
  { from: '9.2.0', oldest: '3.10', newest: '6.18' },
  // RHEL 7's 3.10 was dropped; SLES 15 SP1 is the oldest left.
  { from: '9.3.0', oldest: '4.12.14', newest: '6.18' },
]

/**
 * Whether a module builds on a kernel. A kernel that is newer than the ChangeLog knows is a warning: only the compiler
 * can tell, and distributions take what they like from newer kernels.
 *
 * @param module `9.2.14`
 * @param kernel as `uname -r` says: `3.10.0-1127.8.2.vz7.151.14`
 */
export function buildsOn(module: string, kernel: string): Verdict {
  const release = releaseOf('drbd', module)
  if (isRefusal(release)) return release
  const number = kernelVersion(kernel)
  if (number === null) {
    return refuse(`"${kernel}" is not the release of a kernel`, {
      expected: 'a release, as 6.1.0-31-amd64',
      seen: kernel === '' ? 'nothing' : kernel,
      remedy: 'Give what uname -r prints on the node.',
    })
  }
  const { oldest, newest } = rowFor(SUPPORT, release)!
  const warnings = newerThanKnown(release)
  if (oldest === null || newest === null) {
    return fine(
      ...warnings,
      `On which kernels DRBD ${release.text} builds is not known here: the compiler tells.`,
    )
  }
  if (semver.lt(number, semver.coerce(oldest)!)) {
    return refuse(`DRBD ${release.text} does not build on the kernel ${kernel}`, {
      expected: `a kernel of ${oldest} or newer`,
      seen: kernel,
      remedy: olderModule(number),
    })
  }
  // Patches of one kernel series bring nothing that breaks a build: only its first two numbers count.
  const { major, minor } = semver.coerce(newest)!
  if (number.major > major || (number.major === major && number.minor > minor)) {
    warnings.push(
      `The kernel ${kernel} is newer than ${newest}, the newest that DRBD ${release.text} is known to build on: ` +
        'where the compiler fails, choose a newer DRBD (they are not ported back).',
    )
  }
  return fine(...warnings)
}

/** The first numbers of a kernel's release, without what distributions put behind them. */
const kernelVersion = (release: string): semver.SemVer | null =>
  /^\d+\.\d+/.test(release) ? semver.coerce(release) : null

function olderModule(kernel: semver.SemVer): string {
  const row = SUPPORT.findLast(({ oldest }) => oldest !== null && semver.gte(kernel, semver.coerce(oldest)!))
  if (row === undefined) return 'Install a newer kernel: none of the releases of DRBD 9 builds on this one.'
  const { major, minor } = semver.parse(row.from)!
  return `Choose DRBD ${newestOf(`${major}.${minor}`)}, or install a newer kernel.`
}
