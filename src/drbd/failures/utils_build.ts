import type { KnownFailure } from './failure.ts'

/** Of configure, make, rpmbuild and rpm on drbd-utils. */
export const utilsBuildFailures: readonly KnownFailure[] = [
  {
    says: /conflicts between attempted installs of drbd-utils/,
    meaning:
      'the package holds links in /sbin, which is /usr/sbin here: they clash with the programs themselves',
    remedy:
      'Build it again with "%undefine with_sbinsymlinks" after "%bcond_without sbinsymlinks" in drbd.spec.in.',
  },
  {
    says: /bare words are no longer supported/,
    meaning:
      'this rpm takes no words without quotes, and the spec of drbd-utils before 9.19.1 has some in its %if',
    remedy: 'Put both sides of those %if in drbd.spec.in into quotes, or choose drbd-utils 9.19.1 or newer.',
  },
  {
    says: /File not found: .*drbd\.service|Could not detect systemd unit directory/,
    meaning: "configure did not find out where systemd's units belong",
    remedy: "Install pkg-config and systemd's systemd.pc on the builder, or give --with-systemdunitdir=.",
  },
  {
    says: /Installed \(but unpackaged\) file\(s\) found/,
    meaning: 'the spec does not list what the build installed: some --without options do not go together',
    remedy: 'Build without those --without options; leave single packages uninstalled instead.',
  },
  {
    says: /No rule to make target '?`?rpm\b/,
    meaning:
      'this Makefile has no target rpm: drbd-utils 9.18 or newer, or rpmbuild was missing at configure',
    remedy:
      'Install rpm-build and configure again; from 9.18 on, run ./configure --enable-spec and rpmbuild -bb.',
  },
  {
    says: /PKG_PROG_PKG_CONFIG: command not found|configure: .*syntax error near unexpected token/,
    meaning: 'pkg-config (its pkg.m4) was missing when configure was made',
    remedy: 'Install pkg-config (pkgconfig) on the builder, and build again from a fresh unpacked tree.',
  },
  {
    says: /Need keyutils|Could not find keyutils/,
    meaning: 'drbd-utils need the headers of keyutils',
    remedy: 'Install keyutils-libs-devel (RPM) or libkeyutils-dev (Debian) on the builder.',
  },
  {
    says: /Cannot build utils without flex/,
    meaning: 'flex is missing',
    remedy: 'Install flex on the builder.',
  },
  {
    says: /Cannot build utils without a C compiler|no acceptable C compiler found/,
    meaning: 'there is no C compiler',
    remedy: 'Install gcc on the builder.',
  },
  {
    says: /Could not find linux\/genetlink\.h/,
    meaning: "the kernel's headers for programs are missing",
    remedy: 'Install kernel-headers (RPM) or linux-libc-dev (Debian) on the builder.',
  },
  {
    says: /(po4a[\w-]*|asciidoctor|xsltproc): ((command )?not found|No such file)|docbook\.xsl.*(fail|error|network)|(fail|error|network).*docbook\.xsl/i,
    meaning: 'the manual pages are being made anew, which needs tools and the network',
    remedy: "Build LINBIT's tarball, whose pages are made, with prebuiltman; or build with --without-manual.",
  },
]
