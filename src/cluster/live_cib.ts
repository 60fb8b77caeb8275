import type { Remote, Seconds } from '../connection/remote.ts'
import { asBringupError, BringupError, BringupErrors, isOfTheWay } from '../errors.ts'
import type { Host } from '../inventory/inventory.ts'
import { parseCrmMon } from '../pacemaker/crm_mon.ts'
import type { XmlElement } from '../pacemaker/xml.ts'
import { askCluster, notRunning } from './read_cib.ts'

/** For the two tools together: one that hangs must not keep the next host from being asked. */
const LIMIT: Seconds = 60

export interface LiveCib {
  /** Who gave it. */
  readonly host: string
  /** The whole answer of `cibadmin --query`. */
  readonly cib: XmlElement
  /** What was wrong with the hosts that were asked before. */
  readonly missed: readonly BringupError[]
}

/**
 * The CIB of the cluster that the hosts belong to, from the first of them on which it runs and has a DC. They are
 * connected one after the other, until one has answered.
 *
 * @throws BringupErrors with what is wrong with each host, where none gives it; those that could not be reached come
 *   first, since one of them may be the one
 */
export async function liveCib(
  hosts: readonly Host[],
  connect: (host: Host) => Promise<Remote>,
  signal?: AbortSignal,
): Promise<LiveCib> {
  const missed: BringupError[] = []
  for (const host of hosts) {
    try {
      return { host: host.name, cib: await cibOf(host, connect, signal), missed }
    } catch (thrown) {
      signal?.throwIfAborted()
      const error = asBringupError(thrown)
      if (error.code === 'INTERNAL') throw thrown
      missed.push(error.within({ host: host.name }))
    }
  }
  throw new BringupErrors([
    ...missed.filter(({ code }) => isOfTheWay(code)),
    ...missed.filter(({ code }) => !isOfTheWay(code)),
  ])
}

async function cibOf(
  host: Host,
  connect: (host: Host) => Promise<Remote>,
  signal: AbortSignal | undefined,
): Promise<XmlElement> {
  const remote = await connect(host)
  try {
    const answer = await askCluster({ remote }, { timeout: LIMIT, ...(signal && { signal }) })
    if ('code' in answer) throw notRunning(host.name, answer.said)
    const { cib, monitor } = answer
    // A node alone keeps the name of the last DC in its CIB.
    if (cib.attributes['dc-uuid'] !== undefined && parseCrmMon(monitor).dc !== undefined) return cib
    throw new BringupError('COMMAND_FAILED', `the cluster of ${host.name} has no DC`, {
      remedy:
        'Look at crm_mon -1 and corosync-quorumtool -s there: are the nodes online, and is there a quorum?',
    })
  } finally {
    await remote.close()
  }
}
