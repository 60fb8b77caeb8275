import { sectionsHead } from '../facts/sections.ts'

/**
 * The script that looks at a block device, `$1`; the devices that were consented to are behind it. It writes nothing.
 *
 * Names are followed to the device first, and everything else goes by its number. What DRBD writes passes the cache of
 * the disk below by: that is dropped (BLKFLSBUF), or an old signature would be seen, or none.
 *
 * @param more further sections; `$path` is the device then, `said NAME COMMAND…` prints what a command says
 */
export const lookScript = (mark: string, more = ''): string => `(
${sectionsHead(mark)}
${FUNCTIONS}
{${SECTIONS}
${more}
section end
} </dev/null
exit 0
)`

const FUNCTIONS = `
number_of() { [ -b "$1" ] || return; set -- $(stat -L -c '%t %T' -- "$1" 2>/dev/null); [ $# -eq 2 ] && echo "$((0x$1)):$((0x$2))"; }
said() {
  section "$1"; said=$1; shift
  { complaint=$({ "$@" >&4; } 2>&1); code=$?; } 4>&1
  section "$said.stderr"; printf '%s\\n' "$complaint"
  section "$said.code"; printf '%s\\n' "$code"
}
# What cannot be read is told on descriptor 3. All of a device up to 64 MiB is read; of a larger one 4 MiB at its head,
# 1 MiB at its tail, and 64 KiB in 48 places, since a disk that was in use does not hold zeros there.
read_at() { dd if="$path" bs="$1" skip="$2" count="$3" 2>/dev/null || echo unreadable >&3; }
samples() {
  if [ "$1" -le 131072 ]; then read_at 1048576 0 64; return; fi
  read_at 1048576 0 4
  at=1
  while [ $at -le 48 ]; do read_at 65536 $(($1 / 128 * at / 49)) 1; at=$((at + 1)); done
  read_at 65536 $(($1 / 128 - 16)) 17
}
property() { sed -n "s/^E:$1=//p" "/run/udev/data/b$2" 2>/dev/null; }`

const SECTIONS = `
section device
path=$(readlink -f -- "$1")
number=$(number_of "$path")
if [ ! -b "$path" ] || [ -z "$number" ]; then
  if [ -e "$path" ]; then echo other; else echo missing; fi
  section end
  exit 0
fi
sys=/sys/dev/block/$number
printf '%s\\n' block "$path" "$number"
first_line "$sys/size"; first_line "$sys/ro"
blockdev --flushbufs "$path" 2>/dev/null

section identity
whole=$sys part=
if [ -e "$sys/partition" ]; then whole=$(readlink -f "$sys/.."); part=$(first_line "$sys/partition"); fi
whole_number=$(first_line "$whole/dev")
printf 'part %s\\n' "$part"
printf 'dm %s\\n' "$(first_line "$sys/dm/uuid")"
printf 'loop %s\\n' "$(first_line "$whole/loop/backing_file")"
for file in "$whole/wwid" "$whole/device/wwid"; do printf 'wwid %s\\n' "$(first_line "$file")"; done
printf 'wwid %s\\n' "$(property ID_WWN "$whole_number")"
for file in "$whole/serial" "$whole/device/serial"; do printf 'serial %s\\n' "$(first_line "$file")"; done
printf 'serial %s\\n' "$(property ID_SERIAL "$whole_number")"
printf 'model %s\\n' "$(first_line "$whole/device/model")"
printf 'model %s\\n' "$(property ID_MODEL "$whole_number")"

section partitions
numbers=$number
for found in "$sys"/*/partition; do
  [ -e "$found" ] || continue
  found=\${found%/partition}
  inner=$(first_line "$found/dev")
  numbers="$numbers $inner"
  name=/dev/\${found##*/}
  # udev may be slow, or not there: then its name tells nothing, but its use does.
  if [ "$(number_of "$name")" = "$inner" ]; then blkid -p -o export "$name" 2>/dev/null; fi
  printf 'partition %s\\n' "$name"
done

section holders
for one in $numbers; do
  for found in /sys/dev/block/"$one"/holders/*; do
    [ -e "$found" ] || continue
    name=$(first_line "$found/dm/name")
    printf '%s\\n' "\${found##*/}\${name:+ ($name)}"
  done
done
for found in /sys/fs/btrfs/*/devices/"\${path##*/}"; do
  if [ -e "$found" ]; then found=\${found%/devices/*}; printf 'btrfs %s\\n' "\${found##*/}"; fi
done

section mounts
while read -r _ _ at _ point rest; do
  source=\${rest#*- * } source=\${source%% *}
  for one in $numbers; do
    case $at in "$one") printf '%s\\n' "$point"; continue 2 ;; esac
    # A file system on several disks has a number of its own.
    case $source in /dev/*) if [ "$(number_of "$source")" = "$one" ]; then printf '%s\\n' "$point"; continue 2; fi ;; esac
  done
done </proc/self/mountinfo

section swap
while read -r file _; do
  for one in $numbers; do
    case $file in /dev/*) if [ "$(number_of "$file")" = "$one" ]; then printf '%s\\n' "$file"; fi ;; esac
  done
done </proc/swaps

said blkid blkid -p -o export "$path"
said wipefs wipefs -n -p "$path"

section samples
# Not by its exit status: of a partition it tells the entry in the table, also when there is nothing in it.
if [ -z "$(blkid -p -o value -s TYPE -s PTTYPE "$path" 2>/dev/null)" ]; then
  found=$({ samples "$(first_line "$sys/size")" | tr -d '\\0' | head -c 1 | wc -c; } 3>&1)
  printf '%s\\n' "$found"
fi

section drbd
if [ -e /proc/drbd ]; then
  printf 'module\\n'
  if has drbdsetup; then
    said drbd.show drbdsetup show
    section drbd.disks
    drbdsetup show 2>/dev/null | sed -n 's/^[[:space:]]*disk[[:space:]]*"\\{0,1\\}\\(\\/dev[^";]*\\)"\\{0,1\\};.*/\\1/p' |
      while IFS= read -r disk; do printf '%s %s\\n' "$(number_of "$disk")" "$disk"; done
  fi
fi

section consents
shift
for one in "$@"; do printf 'to %s\\n' "$(number_of "$one")"; done`
