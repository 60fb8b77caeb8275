import semver from 'semver'
import { fine, refuse } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import { atLeast, isRefusal, newerThanKnown, releaseOf } from './versions.ts'
import type { Release } from './versions.ts'

/**
 * What a spec does about links from /sbin, which clash with the programs themselves where /sbin is /usr/sbin:
 * `patch`: puts them in, until told otherwise; `autodetected`: looks at the machine; `gone`: no word of them any more.
 */
export type SbinSymlinks = 'patch' | 'autodetected' | 'gone'

export interface RpmBuild {
  readonly sbinSymlinks: SbinSymlinks
  /** Whether `%if %{x} == "y"` has to be quoted for this rpm. */
  readonly quoteBareWords: boolean
  /** Whether rpmbuild wants the tarball in `%_sourcedir` beforehand; `make rpm` rolls one of the tree. */
  readonly tarballInSources: boolean
  /** Run in the unpacked tree, after `drbd.spec.in` was patched, with the folders of `rpm -E %_topdir` made. */
  readonly commands: readonly (readonly string[])[]
  /** The packages to install of those that are built, as patterns below `%_rpmdir`: the name's end differs. */
  readonly packages: readonly string[]
}

/** The RPMs that a node of a cluster is given. */
export const RPM_PARTS = ['drbd-utils', 'drbd-udev', 'drbd-bash-completion', 'drbd-pacemaker'] as const

/** rpm's expressions know words without quotes no longer since this one. */
const QUOTES_SINCE = '4.16.0'

/**
 * How the RPMs of a release are made.
 * @param utils `9.15.0`
 * @param rpm as `rpm --version` prints it, or the bare version
 */
export function rpmBuild(utils: string, rpm: string): Verdict<RpmBuild> {
  const release = releaseOf('drbd-utils', utils)
  if (isRefusal(release)) return release
  const builder = semver.coerce(rpm)
  if (builder === null) {
    return refuse('rpm prints no version', {
      expected: 'a version, as 4.18.0',
      seen: rpm === '' ? 'nothing' : rpm,
      remedy: 'Install rpm-build on the builder.',
    })
  }
  // 9.18.0 took the target out.
  const make = !atLeast(release, '9.18.0')
  return {
    ...fine(...newerThanKnown(release)),
    sbinSymlinks: sbinSymlinks(release),
    quoteBareWords: !atLeast(release, '9.19.1') && semver.gte(builder, QUOTES_SINCE),
    tarballInSources: !make,
    commands: make
      ? // It rolls the tarball with its manual pages, and would make them anew.
        [
          ['./configure', '--with-prebuiltman'],
          ['make', 'rpm'],
        ]
      : [
          ['./configure', '--enable-spec'],
          ['rpmbuild', '-bb', '--with', 'prebuiltman', 'drbd.spec'],
        ],
    packages: RPM_PARTS.map((part) => `${part}-${release.version}-1*.rpm`),
  }
}

export function sbinSymlinks(release: Release): SbinSymlinks {
  if (atLeast(release, '9.32.0')) return 'gone'
  return atLeast(release, '9.22.0') ? 'autodetected' : 'patch'
}

export interface DebianBuild {
  /** Run in the unpacked tree. */
  readonly commands: readonly (readonly string[])[]
  /** Run after them, with the folder that becomes the package. */
  install(root: string): readonly (readonly string[])[]
}

/**
 * How a release is built where there is no RPM, for the places that Debian's own package uses: else its configuration
 * and state would be looked for below /usr/local.
 *
 * @param unitDir where systemd looks for units, as `pkg-config --variable=systemdsystemunitdir systemd` says; given
 *   always, since without pkg-config the units would come to lie in `/`
 */
export function debianBuild(
  utils: string,
  { unitDir = '/lib/systemd/system' }: { unitDir?: string } = {},
): Verdict<DebianBuild> {
  const release = releaseOf('drbd-utils', utils)
  if (isRefusal(release)) return release
  const configure = [
    './configure',
    '--prefix=/usr',
    '--sbindir=/usr/sbin',
    '--sysconfdir=/etc',
    '--localstatedir=/var',
    `--with-systemdunitdir=${unitDir}`,
    '--with-initscripttype=systemd',
    '--with-prebuiltman',
    // For other cluster managers and hypervisors; releases that have no such part any more only warn.
    '--without-xen',
    '--without-heartbeat',
    '--without-rgmanager',
  ]
  return {
    ...fine(...newerThanKnown(release)),
    commands: [configure, ['make', 'tools']],
    install: (root) => [['make', 'install', `DESTDIR=${root}`]],
  }
}
