import { runScript } from '../../operations/host_script.ts'
import type { ReadContext } from '../../operations/operation.ts'
import { askHost } from '../status/ask_host.ts'
import type { HostReport } from '../status/host_report.ts'
import { hostView } from './host_view.ts'
import type { HostView } from './host_view.ts'
import { STANDBY_START } from './standby_start.ts'

// Of the key only its digest leaves the host.
const SCRIPT = `
[ -e /etc/corosync/authkey ] && sha256sum </etc/corosync/authkey
[ -e "$1" ] && echo held; :`

/**
 * All that decisions on a host's membership need to know of it; nothing is changed.
 * @throws BringupError of the connection, and COMMAND_FAILED where an answer is cut off
 */
export async function readView({
  host,
  remote,
  signal,
}: Pick<ReadContext, 'host' | 'remote' | 'signal'>): Promise<{ view: HostView; report: HostReport }> {
  const [report, { stdout }] = await Promise.all([
    askHost({ host, run: (script, options) => remote.run(script, options) }, signal),
    runScript({ remote }, SCRIPT, [STANDBY_START], { signal }),
  ])
  const said = stdout.toString()
  const view = hostView(report, {
    authkey: /^[0-9a-f]{64}/m.exec(said)?.[0],
    held: /^held$/m.test(said),
  })
  return { view, report }
}
