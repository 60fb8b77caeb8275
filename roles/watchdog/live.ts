import type { Tag } from 'bringup'

/** A machine's watchdog, as its kernel and its processes show it. */
export interface Watchdog {
  /** The kernel module of /dev/watchdog: `softdog`, `iTCO_wdt`; `unknown` for one that does not tell; null for none. */
  readonly module: string | null
  /** Names of the processes that hold it open: `corosync`, `systemd`, `sbd`. */
  readonly holders: readonly string[]
  /** Seconds until it bites; null where the kernel does not say. */
  readonly timeout: number | null
}

// The first watchdog is the one behind /dev/watchdog. softdog has no device that a driver would belong to; ipmi_watchdog
// is no part of the kernel's watchdog core, and not in /sys.
const SCRIPT = `
dog=/sys/class/watchdog/watchdog0
if [ -d $dog ]; then
  if driver=$(readlink $dog/device/driver/module || readlink $dog/device/driver); then echo "module \${driver##*/}"
  elif grep -q '^Software Watchdog' $dog/identity; then echo 'module softdog'
  else echo 'module unknown'
  fi
  printf 'timeout '; cat $dog/timeout
elif grep -q '^ipmi_watchdog ' /proc/modules; then echo 'module ipmi_watchdog'
elif [ -c /dev/watchdog ]; then echo 'module unknown'
fi
for fd in $(find /proc/[0-9]*/fd -lname '/dev/watchdog*' 2>/dev/null); do
  printf 'holder '; cat "/proc/$(echo "$fd" | cut -d/ -f3)/comm"
done; :`

/** Looks for the watchdog behind /dev/watchdog, and for who feeds it. */
export async function readWatchdog(read: Tag): Promise<Watchdog> {
  return parseWatchdog((await read`sh -c ${SCRIPT}`).stdout)
}

export function parseWatchdog(text: string): Watchdog {
  const all = (word: string): string[] =>
    [...text.matchAll(new RegExp(`^${word} (.+)$`, 'gm'))].map((match) => (match[1] ?? '').trim())
  const [module = null] = all('module')
  const [timeout] = all('timeout')
  return {
    module,
    holders: [...new Set(all('holder'))],
    timeout: timeout === undefined ? null : Number(timeout),
  }
}
