/**
 * A shell function that writes down all that a tree holds: `manifest DIRECTORY FILE SKIPPED`. Two trees are equal when
 * their manifests are, byte for byte. Of every path: type, mode, owner and group by number, time of change to the
 * nanosecond, size, target of a symlink, number of a device; the digest of what files hold; the attributes with a name
 * (ACLs and capabilities are some); which paths are the same file.
 *
 * - SKIPPED is a path that the tree does not answer for, as `./etc-vz`, or empty. The folder `lost+found` belongs to the
 *   file system and not to the tree; what fsck put into it does.
 * - The time of the tree's own folder changes with its neighbours, and is not kept.
 * - Names may hold any byte. Whatever is read goes through a file and not a pipe, in whose middle a failure would pass.
 * - A path of find(1) never holds two slashes in a row, so that nothing else can look like the target behind them.
 * - EL 7 has find 4.5, sed 4.2 (`-z`), coreutils 8.22.
 */
export const MANIFEST_TEXT = `
manifest() (
  set -eu
  LC_ALL=C; export LC_ALL
  cd -- "$1"
  work=$(mktemp -d "$2.XXXXXX")
  trap 'rm -rf -- "$work"' EXIT
  skipped=$3
  all() { find . -xdev -path "$skipped" -prune -o -path ./lost+found -o "$@"; }
  lines() { sed -z 's/\\\\/\\\\\\\\/g; s/\\n/\\\\n/g' "$1" | tr '\\0' '\\n'; }
  all -path . -printf 'path d %m %U:%G - - %p\\0' \\
    -o -type f -printf 'path f %m %U:%G %T@ %s %p\\0' \\
    -o -type l -printf 'path l - %U:%G %T@ - %p//%l\\0' \\
    -o -printf 'path %y %m %U:%G %T@ - %p\\0' >"$work/paths"
  all '(' -type b -o -type c ')' -exec stat --printf='device %t:%T %n\\0' {} + >>"$work/paths"
  all -type f -print0 >"$work/files"
  xargs -0 -r sha256sum -- <"$work/files" >"$work/sums"
  all ! -type d -links +1 -printf '%i %p\\0' >"$work/linked"
  all -print0 >"$work/names"
  xargs -0 -r getfattr --no-dereference --dump --match=- --encoding=hex --absolute-names -- <"$work/names" >"$work/attributes"
  {
    lines "$work/paths"
    sed 's/^/sha256 /' "$work/sums"
    lines "$work/linked" | sort -T "$work" -k1,1n -k2 |
      awk '{ name = substr($0, index($0, " ") + 1); if ($1 != last) { first = name; last = $1 } print "same " first "//" name }'
    awk '/^# file: / { name = substr($0, 9); next } /=/ { print "attribute " name "//" $0 }' "$work/attributes"
  } >"$work/unsorted"
  sort -T "$work" -o "$work/sorted" "$work/unsorted"
  mv -f -- "$work/sorted" "$2"
)`
