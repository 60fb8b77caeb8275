import { MANIFEST_TEXT } from './manifest_text.ts'

/** The pinned folder, for what is in the scripts, and what they start. */
export const PINNED = '/proc/self/fd/9'

/** The exit status where the pinned folder is on another file system than it should be. */
export const OTHER_FILE_SYSTEM = 98
/** Where what is copied could be written to meanwhile. */
export const WRITABLE = 97
/** Where the copy differs from what was copied; standard output has the differences. */
export const DIFFERENT = 96

/**
 * Both scripts work out of a folder `$1`, which they open at first, and name by that from then on: whatever is mounted or
 * unmounted there meanwhile, no other file system gets in its place. (To be in it is not enough: rsync, and `cd .`, go by the
 * name that it has.) `$2` and `$3` are the device and UUID that it must be on, or empty; `$4` is `read-only` where nobody may
 * be able to write to it.
 *
 * `copy` knows that rsync has a way to make every run of zeros a hole (--sparse) and one to make none, and that neither
 * is a copy: a disk image of a container must have no holes (wiki.openvz.org/Ploop/sparse), and a sparse file that is
 * filled may not fit. So files without holes go first, as they are; then all else, with --sparse; then what is too much goes.
 */
const FUNCTIONS = `set -eu
${MANIFEST_TEXT}
number_of() { set -- $(stat -L -c '%t %T' -- "$1"); echo "$((0x$1)):$((0x$2))"; }
here() { set -- "$(stat -c %d .)"; echo "$(($1 >> 8 & 4095 | $1 >> 32 & -4096)):$(($1 & 255 | $1 >> 12 & 4294967040))"; }
guard() {
  [ -n "$device" ] || return 0
  its_uuid=$(blkid -p -s UUID -o value -- "$device") || its_uuid=
  if [ "$(here)" != "$(number_of "$device")" ] || [ "$its_uuid" != "$uuid" ]; then
    echo "$(pwd) is on device $(here); $device is $(number_of "$device"), UUID $its_uuid" >&2
    exit ${OTHER_FILE_SYSTEM}
  fi
  [ "$access" = read-only ] || return 0
  awk -v at="$(here)" '$3 == at { found = 1; split($NF, options, ","); if (options[1] != "ro") writable = 1 }
    END { exit !found || writable }' /proc/self/mountinfo || exit ${WRITABLE}
}
pinned=$1 device=$2 uuid=$3 access=$4 work=$5
shift 5
cd -- "$pinned"
exec 9<.
guard
`

/**
 * Behind the folder: where to keep lists, SOURCE, TARGET, SKIPPED, and `again` where an earlier copy was found to differ.
 *
 * What rsync takes for equal by size and time need not be, as after a power cut; and it looks at whole seconds only: what was
 * made in the second that its model is of keeps the wrong nanoseconds, now and in every later run. So a second passes first;
 * and where a copy differed, its contents are compared and all its times are made wrong, so that each is set anew.
 */
export const COPY_SCRIPT = `${FUNCTIONS}
source=$1 target=$2 skipped=$3 again=$4
set --
sleep 1
if [ "$again" = again ]; then
  (cd -- "$target" && find . -xdev -path "$skipped" -prune -o -exec touch -h -d '1971-06-05 04:03:02 UTC' {} +)
  set -- --checksum
fi
# What an earlier one left when it was cut off.
rm -rf -- "$work"/list.* "$work"/*.source.* "$work"/*.manifest.* "$work"/*.restored.*
list=$(mktemp "$work/list.XXXXXX")
trap 'rm -f -- "$list" "$list.all"' EXIT
(cd -- "$source" && find . -xdev -path "$skipped" -prune -o -type f -printf '%S %p\\0') >"$list.all"
# %S: how much of it is on the disk, as 1, 1.02, 4096 or 4.1e+06; 0.5 and 2.4e-05 have holes.
sed -z -n 's/^[1-9][0-9.]*\\(e+[0-9]*\\)\\{0,1\\} //p' "$list.all" >"$list"
set -- --archive --hard-links --acls --xattrs --numeric-ids --one-file-system "$@"
rsync "$@" --from0 --files-from="$list" "$source/" "$target/"
rsync "$@" --sparse --delete --filter='protect /lost+found' \${skipped:+--exclude="\${skipped#.}"} "$source/" "$target/"
guard
sync -f "$target" 2>/dev/null || sync`

/**
 * Behind the folder: where to keep manifests, SOURCE (or empty where EXPECTED is there already), TARGET, SKIPPED, EXPECTED
 * and FOUND, the names of their manifests. Prints the digest of the manifest where both are equal.
 */
export const COMPARE_SCRIPT = `${FUNCTIONS}
source=$1 target=$2 skipped=$3 expected=$work/$4 found=$work/$5
# What is compared comes from the disks.
{ echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null || true
if [ -n "$source" ]; then manifest "$source" "$expected" "$skipped" & first=$!; else first=; fi
manifest "$target" "$found" "$skipped" & second=$!
code=0
wait $second || code=$?
if [ -n "$first" ]; then wait $first || code=$?; fi
[ $code = 0 ] || exit $code
guard
if cmp -s -- "$expected" "$found"; then
  sync -f "$found" 2>/dev/null || sync
  sha256sum <"$found" | cut -c 1-64
  # One of them is kept.
  if [ -n "$source" ]; then rm -f -- "$expected"; else rm -f -- "$found"; fi
  exit 0
fi
comm -3 "$expected" "$found" | head -n 8 | cut -c 1-200
exit ${DIFFERENT}`
