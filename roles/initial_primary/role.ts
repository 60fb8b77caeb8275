import { BringupError, defineRole } from 'bringup'
import type { Nodes } from 'bringup'
import { firstPrimary } from '../../src/drbd/first_primary.ts'
import type { FirstPrimary } from '../../src/drbd/first_primary.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { drbdReport } from '../../src/operations/drbd_report.ts'
import { forceFirst } from './force.ts'
import { tellSync, waitForSync } from './sync.ts'
import { initialPrimaryVars } from './vars.ts'
import type { InitialPrimaryVars } from './vars.ts'

type Members = Nodes<InitialPrimaryVars>

export default defineRole({
  summary: 'The DRBD resources have data: the first primary was forced, once in their lives',
  vars: initialPrimaryVars,

  async run({ nodes, vars, check }) {
    for (const resource of vars.drbd_resources) {
      const members = nodes.named(...resource.nodes.map(({ name }) => name))
      await begin(members, resource, check)
      if (check) continue
      if (vars.initial_sync_wait) await waitForSync(members, resource)
      else await tellSync(members, resource)
    }
  },
})

async function begin(members: Members, resource: DrbdResource, check: boolean): Promise<void> {
  const { name, first_primary: wanted } = resource
  const where = wanted === undefined ? members.first : members.named(wanted).first
  await where.task(`${name} has data`, {
    met: async () => {
      const decision = await decide(members, resource, check)
      if (decision === 'later') return `the first primary is decided once ${name} is up on all nodes`
      if (decision.kind === 'none') return true
      if (decision.kind === 'refused') throw refused(name, decision)
      return decision.how === 'skip-sync'
        ? `declare the blank disks of all nodes equal, from ${decision.on}`
        : `force ${decision.on} to be the first primary: its disk becomes everybody's`
    },
    apply: async ({ $ }) => {
      // Again, and nothing between that and the act: what was seen before may be minutes old.
      const decision = await decide(members, resource, false)
      if (decision === 'later' || decision.kind === 'none') return
      if (decision.kind === 'refused') throw refused(name, decision)
      await forceFirst($, resource, decision.how)
    },
  })
}

/** From what all nodes say now. `later`: in check mode, where the resource is not up yet anywhere. */
async function decide(
  members: Members,
  resource: DrbdResource,
  check: boolean,
): Promise<FirstPrimary | 'later'> {
  const how = resource.initial_sync === 'skip' ? 'skip-sync' : 'full-sync'
  const reports = await members.map((node) => drbdReport(node, resource, { content: how === 'skip-sync' }))
  if (check && reports.every((report) => report.resource === undefined)) return 'later'
  return firstPrimary({ resource, reports, wanted: resource.first_primary, how })
}

function refused(
  name: string,
  { node, fact, remedy }: { node: string | undefined; fact: string; remedy: string },
) {
  return new BringupError('REFUSED', `no first primary of ${name} is forced`, {
    expected: 'all nodes reached and connected, none with data of any generation',
    seen: node === undefined ? fact : `${node}: ${fact}`,
    remedy,
  })
}
