import { isIP } from 'node:net'
import type { Node, Nodes, Tag } from 'bringup'
import { runningPid } from '../apache/running.ts'
import { OWNER } from '../drill_standby/watch.ts'
import type { Act } from './foretell.ts'
import type { Targets } from './targets.ts'
import type { DrillApacheVars } from './vars.ts'

type Member = Node<DrillApacheVars>

/** Does it, in the words that an operator would type. @param place the node that Apache runs on */
export async function carryOut(
  act: Act,
  cluster: Nodes<DrillApacheVars>,
  { apache, group, ping }: Targets,
  place: string | null,
): Promise<void> {
  const via = cluster.first
  const crm = via.$({ timeout: 90 })
  switch (act.kind) {
    case 'kill':
      return await kill(cluster.named(place ?? '').first)
    case 'cleanup':
      return void (await crm`crm resource cleanup ${apache} ${act.node}`)
    case 'move':
      return void (await crm`crm resource move ${group} ${act.to} force`)
    case 'clear':
      return void (await crm`crm resource unmove ${group}`)
    case 'cut':
      return await cut(cluster.named(act.node).first, ping?.hosts ?? [])
    case 'mend':
      return await mend(cluster.named(act.node).first)
  }
}

/** Its first process alone, as an operator does: those that it began go on serving until the agent ends them. */
async function kill(node: Member): Promise<void> {
  const pid = await runningPid(node)
  if (pid !== null) await node.$`kill -s KILL ${pid}`
}

/** Of the rules that cut off a ping host: one that nobody else is likely to use. */
const PREFERENCE = '1107'

/** Rules go with the run's connection, also where the controller dies. */
const CUT = `${OWNER}
for host in $hosts; do ip rule add pref "$pref" to "$host" ipproto icmp unreachable || exit 1; done
nohup sh -c 'while [ -d "/proc/$1" ] && ip rule | grep -q "^$2:"; do sleep 1; done
while ip rule del pref "$2"; do :; done' sh "$owner" "$pref" >/dev/null 2>&1 </dev/null &`

/** Nothing but pings to these hosts is refused, so that neither the cluster nor this run is cut off with them. */
async function cut(node: Member, hosts: readonly string[]): Promise<void> {
  await node.task(`${node.name} cannot ping ${hosts.join(', ')}`, {
    met: async ({ $ }) => (await rules($.read)).includes(`${PREFERENCE}:`) || 'a routing rule refuses it',
    apply: ({ $ }) => $({ env: { hosts: hosts.join(' '), pref: PREFERENCE } })`eval ${CUT}`,
  })
}

const rules = async (read: Tag): Promise<string> => (await read`ip rule`).stdout

/** Takes the rules away, where there are any. */
export async function mend(node: Member): Promise<void> {
  await node.$.read`sh -c ${`while ip rule del pref ${PREFERENCE} 2>/dev/null; do :; done`}`
}

/** Why the ping hosts cannot be cut off, in words; null where they can. @param release of the kernel */
export function uncuttable(ping: Targets['ping'], release: string): string | null {
  if (ping === null) return 'no ocf:pacemaker:ping is declared'
  if (ping.hosts.some((host) => isIP(host) !== 4)) return 'its hosts are not all IPv4 addresses'
  const [major = 0, minor = 0] = release.split('.').map(Number)
  return major > 4 || (major === 4 && minor >= 17)
    ? null
    : `routing rules know no protocols before Linux 4.17, and this is ${release}`
}
