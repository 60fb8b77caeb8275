import type { Watchdog } from './live.ts'

/** The module to use; `refuse` says in words what forbids it. */
export type Choice =
  { readonly module: string; readonly load: boolean } | { readonly refuse: string; readonly remedy: string }

/**
 * Which watchdog a machine is to have. One that is there is kept: a second would be /dev/watchdog0 or 1 as the boot has
 * it, and nobody could tell which of them is fed.
 * @param wanted the name of a module, or `auto`
 */
export function chooseWatchdog(wanted: string, found: Watchdog): Choice {
  const others = found.holders.filter((holder) => holder !== 'corosync')
  if (others.length > 0)
    return {
      refuse: `${others.join(' and ')} feeds /dev/watchdog, which only one process can`,
      remedy: others.includes('systemd')
        ? 'Take RuntimeWatchdogSec out of /etc/systemd/system.conf and reboot, or leave this role out.'
        : `Stop and disable ${others.join(' and ')}, or leave this role out.`,
    }
  if (found.module === null) {
    const module = wanted === 'auto' ? 'softdog' : wanted
    return { module, load: true }
  }
  if (wanted === 'auto' || wanted === found.module)
    return { module: found.module, load: wanted !== 'auto' || found.module === 'softdog' }
  return {
    refuse: `/dev/watchdog is that of ${found.module}, and ${wanted} would become a second one`,
    remedy: `Set watchdog_module to ${found.module} or auto; or deny it (blacklist ${found.module} in /etc/modprobe.d), reboot, and run again.`,
  }
}
