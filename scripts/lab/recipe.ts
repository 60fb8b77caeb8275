import type { Release } from './state.ts'

/** What a node has before the first role runs: a small Debian server, without Python. */
export const basePackages: readonly string[] = [
  'systemd-sysv',
  'openssh-server',
  'udev',
  'iproute2',
  'ifupdown',
  'dbus',
  'iputils-ping',
  'sudo',
  'ca-certificates',
  'gnupg',
  'procps',
  'kmod',
  'netbase',
]

/** What a machine with a kernel of its own has besides. */
export const machinePackages: readonly string[] = ['linux-image-amd64', 'initramfs-tools', 'e2fsprogs']

/** mmdebstrap makes Debian 11 with a /bin of its own; the installer did not, and later releases know no other way. */
export function buildOptions(release: Release): string[] {
  if (release !== 'bullseye') return []
  const folders = 'bin sbin lib lib32 lib64 libx32'
  return [`--setup-hook=for d in ${folders}; do mkdir -p "$1/usr/$d"; ln -s "usr/$d" "$1/$d"; done`]
}

/**
 * Run by sh with the new root as $1, once, at the end of the build. What differs from node to node (keys, names,
 * addresses) is written when a lab is raised.
 *
 * - admin logs in by key or password and needs the password for sudo; ops needs none.
 * - apt's own timers would hold its lock at times that no test can know.
 */
export const finishBase = `set -eu
root=$1
echo 'force-unsafe-io' > "$root/etc/dpkg/dpkg.cfg.d/lab"
chroot "$root" useradd --create-home --shell /bin/bash --groups sudo admin
chroot "$root" useradd --create-home --shell /bin/bash ops
echo 'ops ALL=(ALL:ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/ops"
chmod 0440 "$root/etc/sudoers.d/ops"
for user in root admin ops; do
  home=$(chroot "$root" sh -c "echo ~$user")
  install -d -m 0700 "$root$home/.ssh"
  chroot "$root" chown "$user:" "$home/.ssh"
done
chroot "$root" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer console-getty.service
rm -f "$root"/etc/ssh/ssh_host_* "$root/var/lib/dbus/machine-id"
: > "$root/etc/machine-id"
: > "$root/etc/resolv.conf"
echo localhost > "$root/etc/hostname"
`

/** As {@link finishBase}, after it: a root that is mounted from a disk. */
export const finishMachine = `
echo 'LABEL=root / ext4 noatime 0 1' > "$root/etc/fstab"
`

export interface Recipe {
  release: Release
  packages: readonly string[]
  sources: readonly string[]
  /** Of mmdebstrap(1). */
  options: readonly string[]
  finish: string
}
