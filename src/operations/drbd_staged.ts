import { configFiles, PARSER_VERSION } from '../drbd/config_files.ts'
import type { DrbdResource } from '../drbd/resource_schema.ts'

/**
 * Lays the wanted configuration out in a folder of its own, so that drbdadm can read it before it replaces anything:
 * `$folder/drbd.conf`, with `usage-count no` in front and the files of /etc/drbd.d that are not ours behind. Of those it
 * prints path and content, each ended by NUL. `$1` is then what follows {@link stagedArguments}, and drbdadm parses for the
 * driver in question, whether that is loaded or not.
 */
export const STAGE = `
export DRBD_DRIVER_VERSION_OVERRIDE="$1"
left=$2
shift 2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
ours=' '
while [ "$left" -gt 0 ]; do
  printf '%s' "$2" >"$folder/$1" || exit 1
  printf 'include "%s";\\n' "$folder/$1" >>"$folder/drbd.conf" || exit 1
  ours="$ours$1 "
  left=$((left - 1))
  shift 2
done
for file in /etc/drbd.d/*.res; do
  [ -e "$file" ] || continue
  case $ours in *" \${file##*/} "*) continue ;; esac
  printf 'include "%s";\\n' "$file" >>"$folder/drbd.conf" || exit 1
  printf '%s\\0' "$file"
  cat -- "$file" || exit 1
  printf '\\0'
done
`

/** The first arguments of a script that begins with {@link STAGE}. */
export function stagedArguments(resources: readonly DrbdResource[]): string[] {
  const files = configFiles(resources)
  const driver = PARSER_VERSION[resources[0]?.driver ?? '9']
  return [
    driver,
    String(files.length),
    ...files.flatMap(({ path, content }) => [path.replace(/.*\//, ''), content]),
  ]
}
