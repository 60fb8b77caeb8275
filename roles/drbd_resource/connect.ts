import { setTimeout as delay } from 'node:timers/promises'
import { BringupError } from 'bringup'
import type { Nodes } from 'bringup'
import { connections, whyUnconnected } from '../../src/drbd/connected.ts'
import type { Connections } from '../../src/drbd/connected.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { drbdReport } from '../../src/operations/drbd_report.ts'
import type { DrbdResourceVars } from './vars.ts'

type Members = Nodes<DrbdResourceVars>

/** Waits until all nodes of a resource are connected with all others. What was given up, no waiting brings back. */
export async function connect(members: Members, resource: DrbdResource, timeout: number): Promise<void> {
  const look = async (): Promise<Connections> =>
    connections(resource, await members.map((node) => drbdReport(node, resource)))
  await members.first.require(
    `${resource.name} connected on ${members.names.join(', ')}`,
    async ({ signal }) => {
      const deadline = performance.now() + timeout * 1000
      for (;;) {
        const { missing, gaveUp } = await look()
        if (missing.length === 0) return true
        if (gaveUp.length > 0) throw await unconnected(members, resource, missing, 'one of them has given up')
        if (performance.now() > deadline)
          throw await unconnected(members, resource, missing, `not within ${timeout} s`)
        members.first.progress(missing.join('; '))
        await delay(1000, undefined, { signal })
      }
    },
    '',
  )
}

async function unconnected(
  members: Members,
  resource: DrbdResource,
  missing: readonly string[],
  what: string,
): Promise<BringupError> {
  const reasons = await members.map(async (node) => {
    const { stdout } = await node.$.read({ nothrow: true })`dmesg | grep -i drbd | tail -n 200`
    return whyUnconnected(resource, stdout)
  })
  const why = reasons.find((reason) => reason !== undefined)
  return new BringupError(
    'REFUSED',
    `the nodes of ${resource.name} do not connect: ${why?.meaning ?? what}`,
    {
      expected: 'Connected on all nodes',
      seen: [...missing, ...(why === undefined ? [] : [why.line])].join('\n'),
      remedy:
        why?.remedy ??
        `Look for what keeps TCP port ${resource.nodes.map(({ port }) => port).join(', ')} from passing (firewall, address), ` +
          `and for a node that was disconnected by hand (drbdadm connect ${resource.name}).`,
    },
  )
}
