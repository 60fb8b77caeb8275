import { DRBD_SCRIPT } from '../../drbd/status/drbd_script.ts'
import { sectionsHead } from '../../facts/sections.ts'
import { VERSIONS_SCRIPT } from '../../facts/versions_script.ts'
import type { Seconds } from '../../connection/remote.ts'

/** The daemons whose state tells why a node is not there. */
export const UNITS = ['corosync', 'pacemaker', 'pacemaker_remote', 'pcsd', 'sbd', 'corosync-qdevice'] as const

/** For each tool: a daemon that hangs must not keep the others' answers from an operator. */
const TOOL_LIMIT: Seconds = 15

/** For the whole script: the tools that can hang, and some. */
export const SCRIPT_LIMIT: Seconds = 5 * TOOL_LIMIT

/**
 * Asks one host, in one round trip, for its own view of the cluster; nothing is changed. crm_mon knows `--output-as`
 * from pacemaker 2.0.3 on and `--as-xml` before. `cibadmin --local` answers also where no DC is.
 */
export const statusScript = (mark: string): string => `(
${sectionsHead(mark)}
bounded() { if has timeout; then timeout ${TOOL_LIMIT} "$@"; else "$@"; fi; }
{
section user; id -u; id -un
section hostname; first_line /proc/sys/kernel/hostname
section addresses; if has ip; then ip -o addr; fi
section packages
${VERSIONS_SCRIPT}
section units
if has systemctl; then
  systemctl show --property=Id,LoadState,ActiveState ${UNITS.map((unit) => `${unit}.service`).join(' ')}
fi
section conf; if [ -e /etc/corosync/corosync.conf ]; then cat /etc/corosync/corosync.conf; fi
section links; if has corosync-cfgtool; then bounded corosync-cfgtool -s; fi
section quorum; if has corosync-quorumtool; then bounded corosync-quorumtool -s; fi
monitor= code=127
if has crm_mon; then
  monitor=$(bounded crm_mon -1 -r --output-as=xml); code=$?
  if [ "$code" -ne 0 ] && [ "$code" -ne 124 ]; then
    monitor=$(bounded crm_mon -1 -r --as-xml); code=$?
  fi
fi
section monitor; printf '%s\\n' "$monitor"
section monitor_exit; echo "$code"
section cib; if [ "$code" -eq 0 ]; then bounded cibadmin --query --local --scope configuration; fi
${DRBD_SCRIPT}
section end
} </dev/null 2>/dev/null
exit 0
)`
