import { REMOVE_TREE } from './directory_removal.ts'
import { MARK } from './archive_state.ts'

/**
 * Unpacks an uploaded tar, with what it brings (one path a line) on standard input. Parameters: directory, tar, its
 * sha256, `gzip` or empty, components to strip, owner:group, mode, way, sha256 of the archive as it is known, pattern of
 * temporary names, the directory's path without symlinks as mountinfo has it (for `swap`).
 *
 * Ways:
 * - `new`: into a directory beside it, which is renamed when it is whole.
 * - `swap`: the same, and the old directory is moved away before, and removed after.
 * - `into`: into the directory that is there (it may be a mount point), which is marked as unfinished until the end.
 */
export const UNPACK_SCRIPT = `${REMOVE_TREE}
tar=$2 digest=$3 gzip=$4 strip=$5 accounts=$6 mode=$7 way=$8 archive=$9
shift 9
pattern=$1 real=$2
old=\${pattern}old tree=\${pattern}tree
real_old=\${real%/*}/\${old##*/}
umask 022
trap 'rm -f "$tar"; rm -rf "$tree"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
if [ -L "$path" ]; then exit 81; fi
[ "$(sha256sum <"$tar")" = "$digest  -" ] || exit 84
case $way in
  new) if [ -e "$path" ]; then exit 82; fi; mkdir "$tree" || fail; target=$tree ;;
  swap)
    refuse_mounts "$real"
    mkdir "$tree" || fail
    target=$tree ;;
  into)
    target=$path
    echo "unpacking $archive" >"$target/${MARK}" || fail ;;
esac
# GNU tar would undo backslashes in a directory given by -C.
(cd "$target" && tar -x\${gzip:+z}f "$tar" --no-same-owner --no-same-permissions --strip-components="$strip") || fail
if [ -n "$accounts" ]; then chown -Rh "$accounts" "$target" || fail; fi
if [ -n "$mode" ]; then chmod "$mode" "$target" || fail; fi
# That of EL 7 knows no file systems.
sync -f "$target" 2>/dev/null || sync
{ echo "unpacked $archive"; cat; } >"$target/${MARK}.new" || fail
dd if=/dev/null of="$target/${MARK}.new" conv=notrunc,fsync || fail
mv -f "$target/${MARK}.new" "$target/${MARK}" || fail
case $way in
  new) mv "$tree" "$path" || fail ;;
  swap)
    mv "$path" "$old" || fail
    mv "$tree" "$path" || { mv "$old" "$path"; fail; }
    remove_tree "$real_old" "$old" || fail ;;
esac
sync_directory`
