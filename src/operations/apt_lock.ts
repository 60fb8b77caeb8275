import type { Seconds } from '../connection/remote.ts'
import type { ApplyContext } from './operation.ts'
import { lockedError } from './package_error.ts'

// apt says which process holds a lock only once it gives up, and not at all for all of its locks. proc_locks(5): the
// fifth field is the process, the sixth device and inode; since inodes repeat over file systems, the process must
// also have the file open.
const WAIT = `
limit=$1 waited=0
holder() {
  for file in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
    inode=$(stat -c %i "$file" 2>/dev/null) || continue
    while read -r _ kind _ _ pid where _; do
      [ "$kind" != '->' ] || continue
      case $where in *":$inode") ;; *) continue ;; esac
      if ls -l "/proc/$pid/fd" 2>/dev/null | grep -q -F -e "-> $file"; then
        printf '%s, process %s' "$(tr '\\0' ' ' <"/proc/$pid/cmdline" | cut -c 1-200)" "$pid"
        return 0
      fi
    done </proc/locks
  done
  return 1
}
while who=$(holder); do
  if [ "$waited" -ge "$limit" ]; then printf '%s\\n' "$who" >&2; exit 75; fi
  if [ "$waited" = 0 ]; then printf 'waiting for %s\\n' "$who"; fi
  sleep 1
  waited=$((waited + 1))
done
exit 0`

/**
 * Waits until no other process uses apt or dpkg, as the upgrades that Debian starts by itself do.
 * @throws BringupError PACKAGES_LOCKED with the process that holds the lock
 */
export async function waitForApt(context: ApplyContext, limit: Seconds): Promise<void> {
  const { exitCode, stderr } = await context.$({
    nothrow: true,
    timeout: limit + 60,
  })`sh -c ${WAIT} bringup ${limit}`
  if (exitCode === 75) throw lockedError(stderr.trim(), limit)
}
