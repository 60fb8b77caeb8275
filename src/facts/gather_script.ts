import { SOURCES_SCRIPT } from './package_sources.ts'
import { sectionsHead } from './sections.ts'
import { UNIT_DIRECTORIES } from './unit_files.ts'
import { VERSIONS_SCRIPT } from './versions_script.ts'

/**
 * The script that gathers facts: sections, each under a line of the mark and its name, the last one `end`. What is
 * there without a process (files of one line, tests) is read without one, since a process costs a millisecond.
 *
 * lsblk of EL 7 knows neither JSON nor the columns PATH, MOUNTPOINTS and PTTYPE: mounts come from /proc, partition
 * tables and signatures from blkid, which looks at the devices themselves where udev's database, which lsblk shows, may
 * be empty or stale.
 */
export const gatherScript = (mark: string): string => `(
${sectionsHead(mark)}
{${SECTIONS}`

const SECTIONS = `
IFS= read -r release </proc/sys/kernel/osrelease || release=$(uname -r)
section release; printf '%s\\n' "$release"
section architecture; uname -m
section hostname; first_line /proc/sys/kernel/hostname
section boot_id; first_line /proc/sys/kernel/random/boot_id
section memory; first_line /proc/meminfo
section cpus; nproc || grep -c ^processor /proc/cpuinfo
section time; date +%s
section os; if [ -r /etc/os-release ]; then cat /etc/os-release; else cat /usr/lib/os-release; fi

section headers
for found in "/lib/modules/$release/build" "/usr/src/linux-headers-$release" "/usr/src/kernels/$release"; do
  if [ -e "$found/Makefile" ]; then readlink -f "$found"; break; fi
done

section package_managers
if has apt-get && [ -s /var/lib/dpkg/status ]; then echo apt; fi
if has dnf; then echo dnf; fi
if has yum; then echo yum; fi
${SOURCES_SCRIPT}

section packages
${VERSIONS_SCRIPT}
if [ ! -s /var/lib/dpkg/status ] && has rpm && [ -e "/boot/vmlinuz-$release" ]; then
  rpm -qf --qf 'kernel %{NAME} %{VERSION}\\n' "/boot/vmlinuz-$release"
fi

section drbd_module
if [ -r /sys/module/drbd/version ]; then first_line /sys/module/drbd/version
elif [ -d "/lib/modules/$release" ] && has modinfo; then modinfo -F version drbd
fi

section systemd
if [ -d /run/systemd/system ]; then systemctl show --property=Version --property=Virtualization
elif has systemd-detect-virt; then printf 'Virtualization=%s\\n' "$(systemd-detect-virt)"
fi
section units
if has systemctl; then systemctl list-units --all --type=service --plain --full --no-legend --no-pager; fi
set --
for found in ${UNIT_DIRECTORIES.join(' ')}; do
  # Where /lib is /usr/lib, that has been there.
  case $found in /lib/*) if [ -L /lib ]; then continue; fi ;; esac
  if [ -d "$found" ]; then set -- "$@" "$found"; fi
done
section unit_files; find "$@" -maxdepth 2 -name '*.service' -printf '%s %p\\t%l\\n'
section unit_install
for found in "$@"; do set -- "$@" "$found"/*.service; shift; done
grep -sHoE '^(WantedBy|RequiredBy|UpheldBy|Also|Alias|DefaultInstance)=' "$@"

section addresses; if has ip; then ip -o addr; fi
section mounts; cat /proc/self/mountinfo

section block_devices
devices=
if has lsblk; then
  devices=$(lsblk -P -b -p -o NAME,KNAME,PKNAME,MAJ:MIN,TYPE,SIZE,RO,FSTYPE,UUID,LABEL,MOUNTPOINT)
fi
if [ -z "$devices" ]; then
  devices=$(for found in /sys/class/block/*; do
    name=\${found##*/} size=0 ro=0 type=disk parent=
    case $name in ram* | '*') continue ;; loop*) type=loop ;; sr*) type=rom ;; dm-*) type=dm ;; md*) type=raid ;; esac
    IFS= read -r size <"$found/size"; IFS= read -r ro <"$found/ro"; IFS= read -r number <"$found/dev"
    if [ -e "$found/partition" ]; then
      type=part parent=$(readlink -f "$found/..") parent=/dev/\${parent##*/}
    fi
    printf 'NAME="/dev/%s" KNAME="/dev/%s" PKNAME="%s" MAJ:MIN="%s" TYPE="%s" SIZE="%s" RO="%s"\\n' \\
      "$name" "$name" "$parent" "$number" "$type" "$((size * 512))" "$ro"
  done)
fi
printf '%s\\n' "$devices"

section signatures
if has blkid; then
  set --
  while IFS= read -r line; do
    case $line in *' TYPE="rom"'* | *' SIZE="0"'*) continue ;; esac
    name=\${line#NAME=\\"} name=\${name%%\\"*}
    # blkid does not know lsblk's way to write odd names; and what is on two disks is listed below each.
    case $name in *\\\\*) continue ;; /*) ;; *) continue ;; esac
    case " $* " in *" $name "*) ;; *) set -- "$@" "$name" ;; esac
  done <<LIST
$devices
LIST
  if [ $# -gt 0 ]; then
    if has timeout; then timeout 20 blkid -p -o export "$@"; else blkid -p -o export "$@"; fi
  fi
fi
section end
} </dev/null 2>/dev/null
exit 0
)`
