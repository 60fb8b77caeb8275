import type { Builder } from '../base.ts'
import { namesOf } from '../warm.ts'

/**
 * Run by sh with the root as $1 and packages behind it. Their services neither start nor are enabled: a role does that.
 * Without what is merely recommended, as roles install.
 */
const INSTALL = `set -eu
root=$1
shift
enabled() { find "$root/etc/systemd/system" -path '*.wants/*' -printf '%f\\n' | sort -u; }
before=$(enabled)
printf '#!/bin/sh\\nexit 101\\n' > "$root/usr/sbin/policy-rc.d"
chmod 0755 "$root/usr/sbin/policy-rc.d"
mount --bind /dev "$root/dev"
mount -t proc proc "$root/proc"
trap 'umount "$root/dev" "$root/proc"' EXIT
chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \\
  -o APT::Sandbox::User=root --no-download install "$@" </dev/null
rm "$root/usr/sbin/policy-rc.d"
for unit in $(enabled); do
  case "
$before
" in *"
$unit
"*) ;; *) chroot "$root" systemctl --quiet disable "$unit" ;; esac
done`

/** Installs packages whose files are in apt's cache into a mounted root, at the speed of this machine. */
export async function installInto(
  root: string,
  packages: readonly string[],
  builder: Builder,
): Promise<void> {
  await builder.local()`sh -c ${INSTALL} sh ${root} ${namesOf(packages)}`
}
