/** How the distribution and we call the same thing: what is built here takes the place of what it offers. */
export const DEBIAN_PACKAGE = 'drbd-utils'

/** The version of a package that is built here: older than any revision of the distribution's, and told from them. */
export const debianVersion = (utils: string): string => `${utils}-0bringup1`

export const isOurs = (version: string): boolean => version.endsWith('-0bringup1')

/** What DEBIAN/control says; `@DEPENDS@` stands for what dpkg-shlibdeps finds. */
export function controlText(utils: string, architecture: string): string {
  return `Package: ${DEBIAN_PACKAGE}
Version: ${debianVersion(utils)}
Architecture: ${architecture}
Maintainer: bringup <root@localhost>
Section: admin
Priority: optional
Depends: @DEPENDS@
Description: programs that command DRBD, built from LINBIT's sources
 The distribution's package of this name has the same files; apt is told to leave it where it is.
`
}

/** After its files have come or changed: nothing is started, stopped or enabled. */
export const AFTER_INSTALL = `#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
  systemd-tmpfiles --create drbd.conf || true
  systemctl daemon-reload || true
  udevadm control --reload || true
fi
`

/** Where apt is told so. */
export const PREFERENCES = '/etc/apt/preferences.d/drbd-utils'

export const PREFERENCES_TEXT = `# Written by bringup: drbd-utils are built from LINBIT's sources here, and no package source may replace them.
Package: ${DEBIAN_PACKAGE}
Pin: release *
Pin-Priority: -1
`
