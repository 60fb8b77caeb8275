/**
 * `$1` resource, `$2` folder, behind them the volumes. The activity log names what was being written when power went; it counts as
 * changed.
 */
export const DUMP = `set -eu
umask 077
name=$1
mkdir -p -- "$2" && cd -- "$2"
shift 2
for volume in "$@"; do
  rm -f -- "volume-$volume".*
  drbdadm apply-al "$name/$volume" </dev/null >&2
  drbdadm dump-md "$name/$volume" </dev/null >"volume-$volume.metadata"
done`

const COMMON = `set -eu
umask 077
cd -- "$1"
volume=$2 disk=$3
file=volume-$volume.img ranges=volume-$volume.ranges
# DRBD writes past the cache of the disk.
blockdev --flushbufs "$disk"
piece() { dd bs=1M status=none "$@"; }
`

/** `$1` folder, `$2` volume, `$3` disk, `$4` size: the ranges as they are on the disk, in a file with holes for all else. */
export const COPY = `${COMMON}
rm -f -- "$file"
truncate -s "$4" "$file"
while read -r offset length; do
  piece if="$disk" of="$file" iflag=direct,skip_bytes,count_bytes,fullblock oflag=seek_bytes conv=notrunc,sparse \\
    skip="$offset" seek="$offset" count="$length"
done <"$ranges"
piece if=/dev/null of="$file" conv=notrunc,fsync
sync -f . 2>/dev/null || sync`

/**
 * `$1` folder, `$2` volume, `$3` disk, `$4` resource. Prints the digests of what the ranges hold, on the disk and in the file, and
 * whether the bitmaps are still those that the ranges were made from.
 */
export const COMPARE = `${COMMON}
{ echo 1 >/proc/sys/vm/drop_caches; } 2>/dev/null || :
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
digest() {
  rm -f -- "$work/whole"
  {
    while read -r offset length; do
      piece if="$1" iflag="$2"skip_bytes,count_bytes,fullblock skip="$offset" count="$length" || exit 1
    done <"$ranges"
    : >"$work/whole"
  } | sha256sum | cut -c 1-64
  [ -e "$work/whole" ]
}
digest "$disk" direct,
digest "$file" ''
bitmaps() { sed -n '/^la-size-sect/,$p' | grep -v '^#' | sha256sum; }
drbdadm dump-md "$4/$volume" </dev/null >"$work/now"
[ "$(bitmaps <"$work/now")" != "$(bitmaps <"volume-$volume.metadata")" ] || echo same`

/** `$1` a folder. Prints of the file system that it is on, or will be: type, free and whole size in KiB. */
export const PLACE = `at=$1
while [ ! -e "$at" ]; do at=\${at%/*}; at=\${at:-/}; done
set -- $(df -P -T -k -- "$at" | tail -n 1)
echo "$2 $5 $3"`

/** `$1` the folder of all saves. Prints each that is there, behind its name what it says of itself in one line. */
export const LIST = `cd -- "$1" 2>/dev/null || exit 0
for folder in */; do
  [ -d "$folder" ] || continue
  printf '%s\\t' "\${folder%/}"
  if [ -f "$folder"saved.json ]; then tr -d '\\n' <"$folder"saved.json; fi
  echo
done`
