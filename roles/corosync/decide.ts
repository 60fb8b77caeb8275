import { clusterOf } from '../../src/pacemaker/corosync/cluster.ts'
import { changesOf, gravest } from '../../src/pacemaker/corosync/changes.ts'
import type { Effort, RunningChange } from '../../src/pacemaker/corosync/changes.ts'
import { cmapOf } from '../../src/pacemaker/corosync/cmap.ts'
import type { Section } from '../../src/pacemaker/corosync/conf.ts'
import { sections } from '../../src/pacemaker/corosync/conf.ts'
import { confProblems } from '../../src/pacemaker/corosync/conf_problems.ts'
import { cryptoOf, transportOf } from '../../src/pacemaker/corosync/render.ts'
import { isAtLeast } from '../../src/pacemaker/corosync/version.ts'
import type { CorosyncVersion } from '../../src/pacemaker/corosync/version.ts'
import type { WrittenCluster } from '../../src/pacemaker/corosync/written_schema.ts'
import { keyEfforts, keySource } from './keys.ts'
import type { KeySource } from './keys.ts'
import { RESTART_STAMP } from './paths.ts'
import type { CorosyncView } from './view.ts'
import { idOf, isPackaged } from './wanted.ts'

export interface Question {
  readonly wanted: WrittenCluster
  readonly version: CorosyncVersion
  /** What each host of the cluster has, and its new file. */
  readonly hosts: readonly Host[]
  readonly key: 'keep' | 'replace'
  /** Whether the whole cluster may be stopped while it runs resources. */
  readonly together: boolean
}

export interface Host {
  readonly view: CorosyncView
  readonly conf: Section
  /** Left out by --limit or serial: looked at, and not changed. */
  readonly isPeer: boolean
}

export interface Refusal {
  readonly do: 'refuse'
  readonly seen: string
  readonly remedy: string
}

export interface Course {
  readonly do: 'go'
  readonly key: Exclude<KeySource, { do: 'refuse' }>
  /** Nodes that come into the cluster, and must not bring a CIB of another one. */
  readonly fresh: readonly string[]
  readonly stop: boolean
  readonly reload: boolean
  readonly inTurn: readonly string[]
  /** What is going to be done, and because of what. */
  readonly told: readonly string[]
}

const ALL_NODES = 'Run it for all nodes, without --limit: a cluster has one file and one key.'

/** How the cluster comes to what is wanted, from what all of its nodes have and run; nothing is changed. */
export function decide(question: Question): Refusal | Course {
  const { wanted, version, hosts, key: word } = question
  const problems = confProblems(wanted, version)
  if (problems.length > 0)
    return refuse(
      problems.join('\n'),
      'Correct the vars; corosync.conf(5) and votequorum(5) tell what goes together.',
    )
  const other = otherCluster(question)
  if (other !== null) return other
  const views = hosts.map(({ view }) => view)
  const key = keySource(views, word)
  if (key.do === 'refuse') return key
  const efforts = hosts.map((host) => ({ host, ...needs(question, host, key) }))
  const overall = gravest(efforts.flatMap(({ all }) => all))
  const changes = [...new Set(efforts.flatMap(({ changes: some }) => some.map(({ text }) => text)))]
  if (overall === 'never')
    return refuse(
      `this would make another cluster of the one that runs: ${changes.join('; ')}`,
      'Is it the right one? Nothing is changed on a cluster that works.',
    )
  const ofPeers = peersInTheWay(
    question,
    key,
    efforts.some(({ host, all }) => host.isPeer && all.length > 0),
  )
  if (ofPeers !== null) return ofPeers
  // Where no node has a file, what Pacemaker has may be all that is left of a cluster.
  const isThere = views.some(({ conf }) => conf !== null && !isPackaged(conf))
  const fresh = hosts
    .filter(
      ({ view, isPeer }) =>
        !isPeer && !runsOwn(view) && (view.conf === null ? isThere : isPackaged(view.conf)),
    )
    .map(({ view }) => view.name)
  const isReplaced = key.do === 'make' && word === 'replace'
  const running = hosts.filter((host) => runsOwn(host.view))
  const stop = overall === 'together'
  const told = tell(overall, changes, isReplaced)
  if (stop && running.length > 0) {
    const active = [...new Set(views.flatMap(({ resources }) => resources))]
    if (active.length > 0 && !question.together)
      return refuse(
        `${told.join('; ')}, and Pacemaker runs ${active.join(', ')}`,
        'Nothing was changed. When the services may be away for a minute: -e corosync_together=true',
      )
  }
  const inTurn = stop
    ? []
    : efforts.filter(({ all }) => all.includes('in turn')).map(({ host }) => host.view.name)
  const reload = !stop && efforts.some(({ all }) => all.includes('reload'))
  return { do: 'go', key, fresh, stop: stop && running.length > 0, reload, inTurn, told }
}

const refuse = (seen: string, remedy: string): Refusal => ({ do: 'refuse', seen, remedy })

/** Whether a node runs a corosync of its own cluster, and not the one of a package. */
export const runsOwn = ({ cmap }: Pick<CorosyncView, 'cmap'>): boolean =>
  cmap !== null &&
  !(
    cmap.get('totem.cluster_name') === 'debian' &&
    (cmap.get('nodelist.node.0.ring0_addr') ?? '127.0.0.1') === '127.0.0.1'
  )

function otherCluster({ wanted, version, hosts }: Question): Refusal | null {
  for (const { view } of hosts) {
    if (view.cmap?.size === 0)
      return refuse(
        `corosync on ${view.name} runs and does not answer`,
        'See journalctl -u corosync there. One that hangs, as with an empty quorum section, is stopped by hand: systemctl kill -s KILL corosync.',
      )
    if (view.version !== undefined && view.version[0] !== version[0])
      return refuse(
        `${view.name} has corosync ${view.version.join('.')}, and another node ${version.join('.')}`,
        'They do not hear each other: bring all nodes to one version.',
      )
    if (view.conf === null || isPackaged(view.conf)) continue
    const found = clusterOf(view.conf)
    if (found.name !== '' && found.name !== wanted.cluster_name)
      return refuse(
        `${view.name} is in the cluster ${found.name}, and ${wanted.cluster_name} is wanted`,
        'If this cluster is meant, correct cluster_name. To give up the other one, stop it and remove its /etc/corosync/corosync.conf by hand.',
      )
    if (sections(view.conf, 'quorum').some((quorum) => sections(quorum, 'device').length > 0))
      return refuse(
        `${view.name} has a quorum device in its corosync.conf`,
        'This role does not keep one. Leave the file to pcs (role pcs_cluster), or take the device out first.',
      )
    const gone = found.nodes.filter(({ name, addresses }) => !isListed(wanted, name, addresses))
    if (gone.length > 0)
      return refuse(
        `${view.name} counts ${gone.map(({ name }) => name).join(', ')} among its cluster, and the inventory does not`,
        'Add the host to the play, or take it out of the cluster by hand: stop it there, take its node section out of corosync.conf on the others, then corosync-cfgtool -R and crm_node -R NAME.',
      )
    const renumbered = wanted.nodes.find(({ name, id }) => (idOf(name, [view]) ?? id) !== id)
    if (renumbered !== undefined)
      return refuse(
        `${view.name} knows ${renumbered.name} as node ${idOf(renumbered.name, [view])}, and ${renumbered.id} is wanted`,
        'A node keeps its id: correct corosync_node_id.',
      )
  }
  return null
}

const isListed = ({ nodes }: WrittenCluster, name: string, addresses: readonly string[]): boolean =>
  nodes.some((node) => node.name === name || addresses.some((address) => node.addresses.includes(address)))

interface Needs {
  readonly changes: readonly RunningChange[]
  readonly all: readonly Effort[]
}

/** What a node's corosync needs to run as wanted; nothing where it does not run. */
function needs({ wanted, version, hosts, key: word }: Question, { view, conf }: Host, key: KeySource): Needs {
  if (view.cmap === null || !runsOwn(view)) return { changes: [], all: [] }
  const changes = changesOf(cmapOf(conf), view.cmap, version)
  const all = changes.map(({ effort }) => effort)
  if (view.cmap.has(RESTART_STAMP)) all.push('in turn')
  const { cipher, hash } = cryptoOf(wanted, version)
  if (cipher === 'none' && hash === 'none') return { changes, all }
  const canReload = isAtLeast(version, [3, 1]) && transportOf(wanted, version) === 'knet'
  if (word === 'replace') all.push(canReload ? 'reload' : 'together')
  else if (key.do === 'take') {
    const own = hosts.map((host) => host.view).filter(runsOwn)
    const effort = keyEfforts(own, key.digest, canReload).get(view.name)
    if (effort !== undefined) all.push(effort)
  } else all.push(canReload ? 'reload' : 'together')
  return { changes, all }
}

function peersInTheWay({ hosts, key: word }: Question, key: KeySource, needed: boolean): Refusal | null {
  const peers = hosts.filter(({ isPeer }) => isPeer)
  if (peers.length === 0) return null
  const names = (some: readonly Host[]): string => some.map(({ view }) => view.name).join(' and ')
  if (word === 'replace') return refuse(`a new key would leave out ${names(peers)}`, ALL_NODES)
  const without = peers.filter(({ view }) => view.conf === null || isPackaged(view.conf))
  if (without.length > 0)
    return refuse(`${names(without)} has no corosync.conf of this cluster yet`, ALL_NODES)
  const other = peers.filter(
    ({ view, conf }) => view.conf !== null && changesOf(cmapOf(conf), cmapOf(view.conf), [3, 1]).length > 0,
  )
  if (other.length > 0) return refuse(`${names(other)} would keep another corosync.conf`, ALL_NODES)
  const keyless = peers.filter(({ view }) => view.key === null)
  if (keyless.length > 0 || key.do === 'make')
    return refuse(`${names(peers)} would be left without the key`, ALL_NODES)
  return needed ? refuse(`${names(peers)} does not run with its corosync.conf and key yet`, ALL_NODES) : null
}

function tell(overall: Effort | undefined, changes: readonly string[], isReplaced: boolean): string[] {
  if (overall === undefined) return []
  const why = [...(isReplaced ? ['a new key'] : []), ...changes].join('; ') || 'its key'
  const efforts: Record<Effort, string> = {
    never: '',
    reload: 'corosync reads its file and key again, which interrupts nothing',
    'in turn': 'corosync is restarted, one node after the other',
    together: 'corosync is stopped on all nodes at once, since old and new do not hear each other',
  }
  return [`${efforts[overall]}: ${why}`]
}
