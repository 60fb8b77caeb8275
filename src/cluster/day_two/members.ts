import { connectHost } from '../../connection/connect.ts'
import type { ConnectOptions } from '../../connection/connect.ts'
import type { LockableRemote, Seconds } from '../../connection/remote.ts'
import { asBringupError, BringupError, BringupErrors, isOfTheWay } from '../../errors.ts'
import type { Host } from '../../inventory/inventory.ts'
import { runScript } from '../../operations/host_script.ts'
import { CRM_MON, parseCrmMon } from '../../pacemaker/crm_mon.ts'
import type { ClusterStatus } from '../../pacemaker/crm_mon.ts'

/** A connected host of the cluster. */
export interface Member {
  readonly host: Host
  readonly remote: LockableRemote
}

/** The cluster of some hosts of an inventory. */
export interface Members {
  /** One that runs the cluster, with quorum where there is one: it is asked, and it acts. */
  readonly via: Member
  /** As `via` saw it first. */
  readonly status: ClusterStatus
  /** Connects the hosts of the cluster that are not yet; those that can't be reached are left out. */
  all(): Promise<readonly Member[]>
  /** Why hosts of the cluster could not be reached, by name. */
  readonly missed: ReadonlyMap<string, BringupError>
  close(): Promise<void>
}

interface View {
  readonly node: string
  readonly status: ClusterStatus
}

const NO_CLUSTER = 3

/** A daemon that hangs must not keep an operator waiting. */
const LIMIT: Seconds = 30

const ASK = `
systemctl is-active --quiet pacemaker && command -v crm_mon >/dev/null || exit ${NO_CLUSTER}
crm_node -n || exit
${CRM_MON}`

/**
 * Finds the one cluster that the hosts are: asks them in turn until one runs it. Hosts that it does not know are asked
 * as well: they may be another cluster's, and then it is not known which one is meant.
 *
 * @throws BringupErrors with each host's error where none can be reached; BringupError COMMAND_FAILED where none runs a
 *   cluster, USAGE where they are of several, UNREACHABLE where that can not be known
 */
export async function findMembers(
  hosts: readonly Host[],
  connect: ConnectOptions & { readonly signal: AbortSignal },
): Promise<Members> {
  const remotes = new Map<Host, LockableRemote>()
  const errors = new Map<Host, BringupError>()
  const close = async (): Promise<void> => {
    await Promise.allSettled([...remotes.values()].map((remote) => remote.close()))
  }
  const reach = async (host: Host): Promise<LockableRemote | null> => {
    const known = remotes.get(host)
    if (known !== undefined || errors.has(host)) return known ?? null
    try {
      const remote = await connectHost(host, connect)
      remotes.set(host, remote)
      return remote
    } catch (thrown) {
      if (connect.signal.aborted) throw connect.signal.reason
      const error = asBringupError(thrown).within({ host: host.name, at: host.at })
      if (!isOfTheWay(error.code)) throw error
      errors.set(host, error)
      return null
    }
  }
  const look = async (host: Host): Promise<View | null> => {
    const remote = await reach(host)
    return remote === null ? null : viewOf(remote, connect.signal)
  }

  try {
    const views = new Map<Host, View | null>()
    let via: Host | undefined
    for (const host of hosts) {
      const view = await look(host)
      views.set(host, view)
      if (view === null) continue
      if (via === undefined || isLed(view)) via = host
      if (isLed(view)) break
    }
    const view = via && views.get(via)
    const remote = via && remotes.get(via)
    if (via === undefined || !view || remote === undefined) throw nowhere(hosts, [...errors.values()])

    const names = new Set(view.status.nodes.map(({ name }) => name))
    const strangers = hosts.filter((host) => !names.has(host.name))
    const others = await Promise.all(
      strangers.map(async (host) => ({ host, view: views.get(host) ?? (await look(host)) })),
    )
    const unknown = others.filter(({ host }) => errors.has(host)).map(({ host }) => host.name)
    const foreign = others.filter((one) => one.view !== null && !names.has(one.view.node))
    if (foreign.length > 0) throw several([via.name, ...foreign.map(({ host }) => host.name)])
    if (unknown.length > 0) throw unclear(unknown, via.name, [...errors.values()][0])

    // Under a name of its own in the inventory.
    const renamed = new Set(others.flatMap((one) => (one.view === null ? [] : [one.host])))
    const own = hosts.filter((host) => names.has(host.name) || renamed.has(host))
    return {
      via: { host: via, remote },
      status: view.status,
      async all() {
        const reached = await Promise.all(own.map(async (host) => ({ host, remote: await reach(host) })))
        return reached.flatMap((one) => (one.remote === null ? [] : [{ host: one.host, remote: one.remote }]))
      },
      get missed() {
        return new Map(
          [...errors].flatMap(([host, error]) => (own.includes(host) ? [[host.name, error]] : [])),
        )
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const isLed = ({ status }: View): boolean => status.quorate && status.dc !== undefined

/** @returns null where no cluster runs */
async function viewOf(remote: LockableRemote, signal: AbortSignal): Promise<View | null> {
  const { code, stdout, stderr } = await runScript({ remote }, ASK, [], { timeout: LIMIT, signal })
  if (code === NO_CLUSTER) return null
  const [node = '', ...monitor] = stdout.toString().split('\n')
  if (code === 0) return { node: node.trim(), status: parseCrmMon(monitor.join('\n')) }
  throw new BringupError('COMMAND_FAILED', `Pacemaker runs on ${remote.host}, and does not answer`, {
    host: remote.host,
    seen: stderr.toString().trim() || `exit status ${code}`,
    remedy: 'It answers root and the group haclient alone; see there: crm_mon -1, journalctl -u pacemaker.',
  })
}

function nowhere(hosts: readonly Host[], errors: readonly BringupError[]): Error {
  if (errors.length > 0) return new BringupErrors(errors)
  return new BringupError(
    'COMMAND_FAILED',
    `no cluster runs on ${hosts.map(({ name }) => name).join(', ')}`,
    {
      remedy:
        'Start it: pcs cluster start --all, or systemctl start pacemaker on each node. bringup status tells how the hosts are.',
    },
  )
}

function several(names: readonly string[]): BringupError {
  return new BringupError(
    'USAGE',
    `the hosts are of several clusters: ${names.join(', ')} are not of the same`,
    {
      remedy: 'Say which one is meant: --limit GROUP.',
    },
  )
}

function unclear(unknown: readonly string[], via: string, error: BringupError | undefined): BringupError {
  return new BringupError(
    'UNREACHABLE',
    `${unknown.join(', ')} could not be reached, and the cluster of ${via} does not know ${unknown.length === 1 ? 'it' : 'them'}: nobody can tell whether another cluster is meant`,
    {
      ...(error === undefined ? {} : { seen: error.message }),
      remedy: 'Name the hosts of the cluster alone: --limit GROUP.',
    },
  )
}
