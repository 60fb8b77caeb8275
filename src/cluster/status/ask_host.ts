import { randomBytes } from 'node:crypto'
import type { Remote } from '../../connection/remote.ts'
import { parseHostReport } from './host_report.ts'
import type { HostReport } from './host_report.ts'
import { SCRIPT_LIMIT, statusScript } from './status_script.ts'

/**
 * One host's view of its cluster, in one round trip.
 * @throws BringupError TIMEOUT, CONNECTION_LOST, INTERRUPTED; COMMAND_FAILED where the answer is cut off
 */
export async function askHost(
  remote: Pick<Remote, 'host' | 'run'>,
  signal?: AbortSignal,
): Promise<HostReport> {
  const mark = randomBytes(12).toString('hex')
  const { stdout } = await remote.run(statusScript(mark), {
    timeout: SCRIPT_LIMIT,
    ...(signal === undefined ? {} : { signal }),
  })
  return parseHostReport(remote.host, stdout.toString('utf8'), mark)
}
