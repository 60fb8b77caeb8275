import { setTimeout as delay } from 'node:timers/promises'
import { BringupError } from 'bringup'
import type { Node, Nodes } from 'bringup'
import { connections, whyUnconnected } from '../../src/drbd/connected.ts'
import type { Connections } from '../../src/drbd/connected.ts'
import type { KnownFailure } from '../../src/drbd/failures/failure.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { drbdReport } from '../../src/operations/drbd_report.ts'
import type { DrbdResourceVars } from './vars.ts'

type Members = Nodes<DrbdResourceVars>

/** Waits until all nodes of a resource are connected with all others. What was given up, no waiting brings back. */
export async function connect(members: Members, resource: DrbdResource, timeout: number): Promise<void> {
  const look = async (): Promise<Connections> =>
    connections(resource, await members.map((node) => drbdReport(node, resource)))
  await again(members, resource)
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

/** Once more where a connection was cut by hand; one that the kernel gave up for a reason would be given up again. */
async function again(members: Members, resource: DrbdResource): Promise<void> {
  const { name } = resource
  await members.each((node) =>
    node.task(`${name} tries to connect`, {
      met: async () => {
        const { gaveUp } = connections(resource, [await drbdReport(node, resource)])
        const isCut = gaveUp.length > 0 && (await reason(node, resource)) === undefined
        return !isCut || `connect ${name}, which is StandAlone`
      },
      apply: ({ $ }) => $({ unbroken: true })`drbdadm connect ${name} </dev/null`,
    }),
  )
}

async function reason<V>(
  node: Node<V>,
  resource: DrbdResource,
): Promise<(KnownFailure & { line: string }) | undefined> {
  const { stdout } = await node.$.read({ nothrow: true })`dmesg | grep -i drbd | tail -n 200`
  return whyUnconnected(resource, stdout)
}

/** The error where nodes do not connect, with what the kernel of one of them says of it. */
export async function unconnected<V>(
  members: Iterable<Node<V>>,
  resource: DrbdResource,
  missing: readonly string[],
  what: string,
): Promise<BringupError> {
  const why = (await Promise.all([...members].map((node) => reason(node, resource)))).find(
    (one) => one !== undefined,
  )
  return new BringupError(
    'REFUSED',
    `the nodes of ${resource.name} do not connect: ${why?.meaning ?? what}`,
    {
      expected: 'Connected on all nodes',
      seen: [...missing, ...(why === undefined ? [] : [why.line])].join('\n'),
      remedy:
        why?.remedy ??
        `Look for what keeps TCP port ${[...new Set(resource.nodes.map(({ port }) => port))].join(', ')} from passing (firewall, address), ` +
          `and at the kernel log of the nodes: journalctl -k.`,
    },
  )
}
