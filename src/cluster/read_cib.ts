import { setTimeout as pause } from 'node:timers/promises'
import { BringupError } from '../errors.ts'
import { runScript } from '../operations/host_script.ts'
import type { ReadContext } from '../operations/operation.ts'
import { parseAdvice } from '../pacemaker/agent_metadata.ts'
import type { Advice } from '../pacemaker/cib/context.ts'
import { emptyCib } from '../pacemaker/cib/empty.ts'
import { reconcile } from '../pacemaker/cib/reconcile.ts'
import type { ResourceOperation } from '../pacemaker/cib/resource_schema.ts'
import { findResource } from '../pacemaker/cib/resource_tree.ts'
import type { Cib } from '../pacemaker/cib/schema.ts'
import { CRM_MON, parseCrmMon } from '../pacemaker/crm_mon.ts'
import { actionText } from '../pacemaker/crm_simulate.ts'
import { settled } from '../pacemaker/settled.ts'
import { child, element, parseXml } from '../pacemaker/xml.ts'
import type { XmlElement } from '../pacemaker/xml.ts'
import { simulate } from './simulate.ts'

export interface CibState {
  readonly cib: XmlElement
  /** What the agents of new resources advise, by agent. */
  readonly advice: ReadonlyMap<string, readonly ResourceOperation[]>
  /** Declared resources that do not run as they should, in words. */
  readonly problems: readonly string[]
  /** In check mode: what the cluster would do, in words. */
  readonly preview: readonly string[]
}

export function adviceOf(state: Pick<CibState, 'advice'>): Advice {
  return (agent) => state.advice.get(agent)
}

/** No line of XML begins with this: `<` within it is always escaped. */
const SEPARATOR = '<<<'

const QUERY = `
cibadmin --query || exit
printf '%s\\n' '${SEPARATOR}'
${CRM_MON}`

/** Without the command, without a connection to the cluster (102; 107, ENOTCONN, of 1.1), without its socket (105). */
const NOT_RUNNING = new Set([127, 102, 105, 107])

const DC_TIMEOUT = 60

/** The live CIB, how the declared resources are, and what else the plan needs; in check mode also where no cluster is yet. */
export async function readCib(context: ReadContext, want: Cib): Promise<CibState> {
  const found = await queryCluster(context)
  if (found === undefined) {
    const cib = context.planned<CibState>('cib')?.cib ?? emptyCib()
    return { cib, advice: new Map(), problems: [], preview: [] }
  }
  const { cib, monitor } = found
  const advice = await readAdvice(context, want, cib)
  const base = context.planned<CibState>('cib')?.cib ?? cib
  const preview = context.check
    ? await foretell(
        context,
        reconcile(base, want, (agent) => advice.get(agent)),
      )
    : []
  return { cib, advice, problems: settled(parseCrmMon(monitor), want), preview }
}

/**
 * The live CIB, once the cluster has a DC: a node that has just started answers with what it had on its disk, which the
 * others may have left behind.
 *
 * @returns undefined in check mode where no cluster runs
 * @throws BringupError COMMAND_FAILED where none runs, TIMEOUT where none elects a DC
 */
export async function queryCluster(
  context: Pick<ReadContext, 'host' | 'remote' | 'check' | 'signal'>,
): Promise<{ cib: XmlElement; monitor: string } | undefined> {
  const deadline = Date.now() + DC_TIMEOUT * 1000
  for (;;) {
    const { code, stdout, stderr } = await runScript(context, QUERY, [])
    if (code !== 0 && !stdout.includes(SEPARATOR)) {
      if (context.check && NOT_RUNNING.has(code)) return undefined
      if (!NOT_RUNNING.has(code) || code === 127 || Date.now() > deadline)
        throw notRunning(context.host, stderr.toString())
    } else {
      const [query = '', monitor = ''] = stdout.toString().split(`\n${SEPARATOR}\n`)
      const cib = parseXml(query, 'cibadmin --query')
      if (cib.attributes['dc-uuid'] !== undefined || context.check) return { cib, monitor }
      if (Date.now() > deadline) throw noDc(context.host)
    }
    await pause(1000, undefined, { signal: context.signal })
  }
}

async function readAdvice(context: ReadContext, want: Cib, cib: XmlElement) {
  const section = child(child(cib, 'configuration'), 'resources') ?? element('resources')
  const isNew = new Set(
    want.resources
      .filter((resource) => findResource(section, resource.id) === undefined)
      .map((resource) => resource.agent),
  )
  const wanted = want.purge ? want.resources.map((resource) => resource.agent) : isNew
  const agents = [...new Set(wanted)]
  const found = await Promise.all(
    agents.map(async (agent) => {
      const { code, stdout, stderr } = await runScript(context, 'crm_resource --show-metadata "$1"', [agent])
      if (code === 0) return [[agent, parseAdvice(stdout.toString())] as const]
      if (context.check || !isNew.has(agent)) return []
      throw new BringupError('REFUSED', `the agent ${agent} cannot be used on ${context.host}`, {
        seen: stderr.toString().trim(),
        remedy:
          'Install the package that brings it on every node, or correct its name: crm_resource --list-agents ocf',
      })
    }),
  )
  return new Map(found.flat())
}

async function foretell(
  context: ReadContext,
  { cib, differences }: ReturnType<typeof reconcile>,
): Promise<string[]> {
  if (differences.length === 0) return []
  const simulated = await simulate(context, cib)
  return 'wrong' in simulated ? [] : simulated.actions.map(actionText)
}

function notRunning(host: string, said: string): BringupError {
  return new BringupError('COMMAND_FAILED', `the cluster does not run on ${host}`, {
    seen: said.trim().split('\n')[0] ?? '',
    remedy:
      'Start it: pcs cluster start --all, or systemctl start pacemaker on each node; or play the role that makes the cluster.',
  })
}

function noDc(host: string): BringupError {
  return new BringupError('TIMEOUT', `the cluster of ${host} has elected no DC within ${DC_TIMEOUT} s`, {
    remedy:
      'Look at crm_mon -1 and corosync-quorumtool -s there: are the nodes online, and is there a quorum?',
  })
}
