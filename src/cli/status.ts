import { allStatus, statusExitCode } from '../cluster/status/all_status.ts'
import { askHost } from '../cluster/status/ask_host.ts'
import type { Unreachable } from '../cluster/status/clusters.ts'
import type { HostReport } from '../cluster/status/host_report.ts'
import { connectHost } from '../connection/connect.ts'
import type { ConnectOptions } from '../connection/connect.ts'
import type { Seconds } from '../connection/remote.ts'
import { asBringupError } from '../errors.ts'
import type { Host } from '../inventory/inventory.ts'
import { statusText } from '../report/status_text.ts'
import { painter } from '../report/style.ts'
import { settleAll } from '../run/group.ts'
import { ask } from './ask.ts'
import { chosenHosts } from './chosen_hosts.ts'
import { interruptible } from './interrupt.ts'
import type { HostsArguments } from './on_hosts.ts'
import { statusJson } from './status_json.ts'

/** An operator waits for it; a host that takes longer is as good as away. */
const CONNECT_LIMIT: Seconds = 10

export type StatusArguments = HostsArguments & { readonly output: 'text' | 'json' }

/**
 * `bringup status`: the clusters that the hosts belong to, at a glance. Facts are not gathered: on a host in trouble, a
 * disk that does not answer must not keep its cluster's state from being seen.
 * @returns 0 when all is well, 2 when something is wrong, else 4 when a host could not be reached
 */
export async function statusCommand(options: StatusArguments): Promise<number> {
  const hosts = await chosenHosts(options.inventory, options.limit)
  const interrupt = interruptible()
  const { signal } = interrupt
  try {
    const results = await settleAll(hosts, options.forks, (host) =>
      askOrMiss(host, { ask, acceptNew: options.acceptNew, signal, timeout: CONNECT_LIMIT }),
    )
    signal.throwIfAborted()
    const answers = results.map((result) => {
      if (result.status === 'rejected') throw result.reason
      return result.value
    })
    const reports = answers.filter((answer): answer is HostReport => !('problem' in answer))
    const missed = answers.filter((answer): answer is Unreachable => 'problem' in answer)
    const status = allStatus(reports, missed)
    const colour = process.stdout.hasColors?.() ?? false
    process.stdout.write(
      options.output === 'json' ? `${statusJson(status)}\n` : `${statusText(status, painter(colour))}\n`,
    )
    return statusExitCode(status)
  } finally {
    interrupt.done()
  }
}

/** That a host is not there is part of the answer. */
async function askOrMiss(host: Host, options: ConnectOptions): Promise<HostReport | Unreachable> {
  try {
    const remote = await connectHost(host, options)
    try {
      return await askHost(remote, options.signal)
    } finally {
      await remote.close()
    }
  } catch (thrown) {
    if (options.signal?.aborted) throw options.signal.reason
    const error = asBringupError(thrown)
    if (error.code === 'INTERNAL') throw thrown
    const { remedy } = error.details
    return {
      host: host.name,
      address: host.connection.address,
      problem: error.message,
      ...(remedy === undefined ? {} : { remedy }),
    }
  }
}
