import type { Node } from 'bringup'
import type { MembershipPlan } from '../../src/cluster/rejoin/membership.ts'
import type { HostReport } from '../../src/cluster/status/host_report.ts'
import { isUp } from '../../src/cluster/units_up.ts'
import type { ClusterRejoinVars } from './vars.ts'

/**
 * A CIB of its own, which would win over that of all others if its epoch were higher (Pacemaker takes the newest as nodes
 * join). Also that of a member: where it was cut off, it may have gone on alone.
 */
const CIB = '/var/lib/pacemaker/cib'

/** What else an earlier life leaves: of corosync, of Pacemaker, and whom pcsd knew and let in (0.9: tokens). */
const OTHERS = [
  '/etc/corosync/corosync.conf',
  '/etc/corosync/authkey',
  '/etc/pacemaker/authkey',
  '/var/lib/corosync',
  '/var/lib/pcsd/known-hosts',
  '/var/lib/pcsd/tokens',
  '/var/lib/pcsd/pcs_users.conf',
  '/var/lib/pcsd/pcs_settings.conf',
]

const LIST = 'find "$@" -type f 2>/dev/null | sort; :'

/**
 * Removed only while neither runs: looked at once more by the node itself, since a member's CIB is the cluster's. pcsd
 * keeps in memory whom it lets in.
 */
const REMOVE = `
for unit in $units; do
  case $(systemctl is-active "$unit") in
    inactive|failed|unknown) ;;
    *) echo "$unit runs meanwhile: nothing was removed" >&2; exit 1 ;;
  esac
done
find "$@" -type f -exec rm -f {} + 2>/dev/null
for unit in pcsd-ruby pcsd; do systemctl try-restart "$unit" 2>/dev/null; done; :`

/** Takes away what a node that is no member has of an earlier cluster, or of another one. */
export async function clearStale(
  node: Node<ClusterRejoinVars>,
  plan: MembershipPlan,
  report: HostReport,
): Promise<void> {
  // That of a member which runs is the cluster's own.
  if (plan.do === 'nothing' || plan.do === 'refuse') return
  if (plan.do === 'start' && isUp(report.units['pacemaker'])) return
  const paths = plan.do === 'start' ? [CIB] : [CIB, ...OTHERS]
  const units = plan.do === 'start' ? 'pacemaker' : 'pacemaker corosync'
  await node.task(plan.do === 'start' ? 'no CIB of its own' : 'nothing of an earlier cluster', {
    met: async ({ $ }) => {
      const { stdout } = await $.read`sh -c ${LIST} sh ${paths}`
      const found = stdout.split('\n').filter(Boolean)
      return found.length === 0 || `remove ${found.map(short).join(', ')}`
    },
    apply: async ({ $ }) => {
      // Where they run, it is the cluster of one that a distribution's package brings: any other was refused.
      if (plan.do !== 'start') await $`systemctl stop pacemaker corosync`
      await $({ unbroken: true, env: { units } })`sh -c ${REMOVE} sh ${paths}`
    },
  })
}

/** A CIB has a hundred older copies beside it. */
const short = (path: string): string => path.replace(/^\/var\/lib\/pacemaker\/cib\//, 'cib/')
