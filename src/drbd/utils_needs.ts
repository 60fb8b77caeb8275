import { atLeast } from './versions.ts'
import type { Release } from './versions.ts'

/** What of a platform decides how its packages are called. */
export interface Platform {
  readonly manager: 'apt' | 'dnf' | 'yum'
  /** The first number of its version: `9`. */
  readonly major: number
  /** Whether it is of the Red Hat family proper: not Fedora. */
  readonly enterprise: boolean
}

/** Packages that a builder needs for a release of drbd-utils, where manual pages come ready made. */
export function utilsNeeds(release: Release, { manager, major, enterprise }: Platform): string[] {
  // 9.26 to 9.28 do not build without it; later ones can, and their spec still asks for it.
  const keyutils = atLeast(release, '9.26.0')
  if (manager === 'apt') {
    // dpkg-dev finds out which libraries the programs need.
    const tools = ['gcc', 'g++', 'make', 'flex', 'pkg-config', 'libc6-dev', 'linux-libc-dev', 'dpkg-dev']
    return keyutils ? [...tools, 'libkeyutils-dev'] : tools
  }
  const tools = ['rpm-build', 'gcc', 'gcc-c++', 'make', 'flex', 'glibc-devel', 'kernel-headers', 'pkgconfig']
  // The spec has configure made anew.
  const autotools = ['automake', 'autoconf']
  // Where its macros are not there, the spec takes the host for one with init scripts; they come with systemd before.
  const macros = enterprise && major < 9 ? ['systemd'] : ['systemd-rpm-macros']
  // The spec builds its policy wherever it finds RHEL 8 or newer.
  const policy =
    atLeast(release, '9.22.0') && enterprise && major >= 8 ? ['checkpolicy', 'selinux-policy-devel'] : []
  return [...tools, ...autotools, 'udev', ...macros, ...policy, ...(keyutils ? ['keyutils-libs-devel'] : [])]
}
