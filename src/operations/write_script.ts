/**
 * What `atomicWrite` runs on the host. Parameters: path, temporary file, pattern of leftovers (empty where the content
 * was uploaded to the temporary file before), mode, owner:group, sha256 of the content, sha256 of the file as it was
 * read (or `absent`, or empty), `backup` or empty. `VALIDATE` is replaced by a command. `write_error.ts` says its
 * statuses in words.
 *
 * Order matters:
 * - The temporary file is closed to all (umask 077, mode 0600) until all of it is there, and takes the attributes of
 *   the old file (ACL, extended attributes, SELinux context) while it is still empty.
 * - Its bytes reach the disk (by dd, since sync(1) of EL 7 knows no files) before the rename, so that after a power cut
 *   the old or the new file is there, whole.
 * - chown before chmod, since chown clears setuid and setgid.
 */
export const WRITE_SCRIPT = `
temporary=$2 leftovers=$3 mode=$4 accounts=$5 digest=$6 expected=$7 backup=$8
relabel=
umask 077
trap 'rm -f "$temporary"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
[ -d "$directory" ] || exit 83
if [ -L "$path" ]; then exit 81; fi
if [ -e "$path" ] && [ ! -f "$path" ]; then exit 81; fi
case $expected in
  '') ;;
  absent) [ ! -e "$path" ] || exit 82 ;;
  *) [ -f "$path" ] && [ "$(sha256sum <"$path")" = "$expected  -" ] || exit 82 ;;
esac
if [ -n "$leftovers" ]; then
  for left in "$leftovers"*; do
    if [ -f "$left" ]; then rm -f "$left"; fi
  done
  (set -C; : >"$temporary") || fail
fi
if [ -f "$path" ]; then
  cp --attributes-only --preserve=all --no-preserve=ownership,timestamps "$path" "$temporary" 2>/dev/null
  chmod 0600 "$temporary" || fail
fi
if [ -n "$leftovers" ]; then cat >>"$temporary" || fail; fi
[ "$(sha256sum <"$temporary")" = "$digest  -" ] || exit 84
dd if=/dev/null of="$temporary" conv=notrunc,fsync || fail
if command -v selinuxenabled >/dev/null && selinuxenabled; then
  if [ -f "$path" ]; then chcon --reference="$path" "$temporary" || relabel=yes
  elif context=$(matchpathcon -n "$path" 2>/dev/null); then chcon "$context" "$temporary" || relabel=yes
  else relabel=yes
  fi
fi
if [ -n "$accounts" ]; then chown "$accounts" "$temporary" || fail; fi
chmod "$mode" "$temporary" || fail
{ VALIDATE; } </dev/null >&2 || exit 85
if [ -n "$backup" ] && [ -f "$path" ]; then
  copy=/var/backups/bringup$path.$(date -u +%Y%m%dT%H%M%SZ)
  mkdir -p "\${copy%/*}" && cp -p "$path" "$copy" || exit 86
fi
mv -f "$temporary" "$path" || fail
if [ -n "$relabel" ]; then restorecon "$path" 2>/dev/null; fi
sync_directory
exit 0`
