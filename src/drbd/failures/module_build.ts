import type { KnownFailure } from './failure.ts'

/** Of `make` in the module's tree, a cause before what follows of it. */
export const moduleBuildFailures: readonly KnownFailure[] = [
  {
    says: /source tree is broken\. Unpack again|drbd_buildtag\.[ch] not found|\.drbd_git_revision\] Error/,
    meaning: 'the sources are an archive that GitHub made of a tag, which lacks what a release brings',
    remedy: "Take LINBIT's release tarball of that version.",
  },
  {
    says: /No rule to make target '?`?[^']*drbd-headers\//,
    meaning: 'the sources are a git checkout (or an archive of one) without its submodule drbd-headers',
    remedy: "Take LINBIT's release tarball of that version.",
  },
  {
    says: /SORRY, kernel makefile not found|You need to tell me a correct KDIR/,
    meaning: 'the headers of the running kernel are not installed',
    remedy:
      'Install those of the running kernel: kernel-devel-$(uname -r), vzkernel-devel-$(uname -r) or linux-headers-$(uname -r). ' +
      'Where that version is to be had no longer, update the kernel and reboot first.',
  },
  {
    says: /won't compile with this kernel version|At least kernel \d+\.\d+/,
    meaning: 'the kernel is older than this DRBD supports',
    remedy: 'Choose an older series of DRBD, or install a newer kernel.',
  },
  {
    says: /Cannot generate ORC metadata/,
    meaning: 'the kernel build needs the headers of libelf',
    remedy: 'Install elfutils-libelf-devel (RPM) or libelf-dev (Debian) on the builder.',
  },
  {
    says: /curl: \(22\) The requested URL returned error: 4\d\d/,
    meaning: "LINBIT's service has no patch of this DRBD for this kernel",
    remedy: 'Choose a newer DRBD, or install coccinelle (spatch) on the builder and build with SPAAS=false.',
  },
  {
    says: /SPAAS is not reachable|curl: \(\d+\).*(drbd\.io|[Cc]ould not resolve|[Ff]ailed to connect|timed? ?out)/,
    meaning:
      "no patch for this kernel is in the tarball, and LINBIT's service that makes one can not be reached",
    remedy: 'Install coccinelle (spatch) on the builder and build with SPAAS=false, or choose a newer DRBD.',
  },
  {
    says: /spatch-as-a-service was disabled by your package|not trying spatch-as-a-service because/,
    meaning: 'no patch for this kernel is in the tarball, and none may be asked for',
    remedy:
      'Install coccinelle (spatch) on the builder, or choose a newer DRBD whose tarball knows this kernel.',
  },
  {
    says: /^(?!.*\buser\/).*\bdrbd.*\.[ch]:\d+(:\d+)?: error: .*(implicit declaration of function|has no member named|undeclared|incompatible pointer type|too (few|many) arguments)/,
    meaning: 'the kernel is newer than this DRBD supports, or its vendor changed it',
    remedy: 'Choose a newer DRBD: fixes for newer kernels are not ported back.',
  },
  {
    says: /no suitable spatch found|No \(suitable\) spatch found|spatch: (command )?not found/i,
    meaning:
      'no patch for this kernel is in the tarball, and spatch that would make one is not there (or too old)',
    remedy:
      'Install coccinelle 1.0.8 or newer on the builder (1.1.1 for DRBD 9.3) and build with SPAAS=false.',
  },
]
