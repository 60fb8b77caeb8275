import { BringupError } from 'bringup'
import type { Node } from 'bringup'
import { directionOf } from '../../src/drbd/rejoin/direction.ts'
import { areConnected, connectionTo } from '../../src/drbd/split_brain/relations.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { drbdReport } from '../../src/operations/drbd_report.ts'
import { GAVE_UP, RECONNECT, TOO_LATE, WRONG_WAY } from './reconnect_text.ts'
import type { Members } from './look.ts'
import type { HealVars } from './vars.ts'

/**
 * The victim up again, and connected so that it takes the data of the others. They only connect, where they had given up. It
 * is all one script on the victim, which cuts the connection where data would go the other way, and goes on without the
 * controller.
 */
export async function reconnect(
  members: Members,
  resource: DrbdResource,
  { victim, survivors }: { readonly victim: string; readonly survivors: readonly string[] },
  check: boolean,
): Promise<void> {
  await members.each((node) => {
    if (node.name === victim) return takes(members, node, resource, survivors)
    return survivors.includes(node.name) ? letsIn(node, resource, victim) : Promise.resolve()
  })
  if (check) return
  await members.named(victim).first.require(
    `data of ${resource.name} go to ${victim}, and nowhere else`,
    async () => {
      const reports = await members.map((node) => drbdReport(node, resource))
      const direction = directionOf({ resource, target: victim, reports })
      return direction === 'right' || `the direction is ${direction}`
    },
    `Look at drbdadm status ${resource.name} on both. Where data go the wrong way: drbdadm disconnect ${resource.name}.`,
  )
}

async function takes(
  members: Members,
  node: Node<HealVars>,
  resource: DrbdResource,
  survivors: readonly string[],
): Promise<void> {
  const { name, driver } = resource
  const others = resource.nodes
    .map((one) => one.name)
    .filter((one) => one !== node.name && !survivors.includes(one))
  await node.task(`${node.name} takes the data of ${survivors.join(' and ')}`, {
    met: async ({ check }) => {
      const report = await drbdReport(node, resource)
      if (check) return `connect ${name} with --discard-my-data: LOSE what only ${node.name} has of it`
      if (report.resource === undefined) return `connect ${name} with --discard-my-data`
      const all = await members.named(...survivors).map((one) => drbdReport(one, resource))
      return (
        all.every((one) => areConnected(one, report)) || `it is not connected to ${survivors.join(' and ')}`
      )
    },
    apply: async ({ $ }) => {
      const minors = resource.volumes.map(({ minor }) => minor).join('|')
      const { exitCode, stdout, stderr } = await $({
        unbroken: true,
        nothrow: true,
      })`sh -c ${RECONNECT} sh ${name} ${driver} ${minors} ${node.vars.heal_timeout} ${survivors.join(' ')} ${others.join(' ')}`
      if (exitCode !== 0) throw notTaken(node, resource, exitCode, `${stdout}\n${stderr}`.trim())
    },
  })
}

async function letsIn(node: Node<HealVars>, resource: DrbdResource, victim: string): Promise<void> {
  const { name, driver } = resource
  const what = driver === '9' ? `${name}:${victim}` : name
  await node.task(`${node.name} lets ${victim} in`, {
    met: async () => {
      const report = await drbdReport(node, resource)
      return connectionTo(report, victim)?.state !== 'StandAlone' || `drbdadm connect ${what}`
    },
    apply: ({ $ }) => $({ unbroken: true })`drbdadm connect ${what} </dev/null`,
  })
}

function notTaken(
  node: Node<HealVars>,
  { name, nodes }: DrbdResource,
  code: number | null,
  seen: string,
): BringupError {
  const ports = [...new Set(nodes.map(({ port }) => port))].join(', ')
  switch (code) {
    case WRONG_WAY:
      return new BringupError('REFUSED', `data of ${name} would have gone from ${node.name} to the others`, {
        seen,
        remedy: `It was disconnected at once, and is down. Something changed while this ran: look at both (bringup status), and run again.`,
      })
    case GAVE_UP:
      return new BringupError('REFUSED', `${node.name} gave the connection of ${name} up`, {
        seen,
        remedy: `See why: dmesg | grep drbd, on both. Nothing was overwritten; it is down again. Mend that, and run again: it goes on from here.`,
      })
    case TOO_LATE:
      return new BringupError('TIMEOUT', `${name} is not connected within ${node.vars.heal_timeout} s`, {
        seen,
        remedy: `Nothing was overwritten; it is down again. Look for what keeps TCP port ${ports} from passing (network, firewall), and run again.`,
      })
    default:
      return new BringupError('COMMAND_FAILED', `${name} could not be connected on ${node.name}`, {
        seen,
        remedy:
          'See the kernel log of this moment: journalctl -k. Nothing was overwritten; it is down again. Run again.',
      })
  }
}
