import { BringupError } from 'bringup'
import type { Node, Tag } from 'bringup'
import type { DrbdNode, DrbdResource } from '../../src/drbd/resource_schema.ts'
import { drbdAdjust } from '../../src/operations/drbd_adjust.ts'
import { drbdConfig } from '../../src/operations/drbd_config.ts'
import { drbdReport } from '../../src/operations/drbd_report.ts'
import type { Parties } from './parties.ts'
import type { DrbdRejoinVars } from './vars.ts'

type Member = Node<DrbdRejoinVars>

/**
 * What the survivors need so that the node can connect: its new name or address, where it has one, and to listen again
 * where they had given it up. Nothing else of them is touched, and nothing where that is so.
 *
 * @param resources all that the node has a part in
 * @param moved survivors whose files know it under its name or address of before
 */
export async function letIn(
  parties: Parties,
  resources: readonly DrbdResource[],
  moved: readonly string[],
): Promise<void> {
  const { resource, target, survivors } = parties
  const { name } = resource
  const declared = resource.nodes.find((one) => one.name === target.name)!
  await cutOff(parties, declared)
  await survivors.each(async (node) => {
    const own = resources.filter(({ nodes }) => nodes.some((one) => one.name === node.name))
    if (moved.includes(node.name)) await node.do(drbdConfig, { resources: own })
    await knows(node, declared, resource, own)
    const peer = resource.driver === '9' ? `${name}:${target.name}` : name
    await node.task(`${name} listens to ${target.name}`, {
      met: async () => !(await isAlone(node, parties)) || `connect ${peer}, which is StandAlone`,
      apply: ({ $ }) => $({ unbroken: true })`drbdadm connect ${peer} </dev/null`,
    })
  })
}

/** Before a survivor takes the connection up again: the two are to find each other only where the node watches. */
async function cutOff(parties: Parties, declared: DrbdNode): Promise<void> {
  const { resource, target, survivors } = parties
  const { name } = resource
  const deaf = await survivors.map(async (node) => {
    const isDeaf = (await isAlone(node, parties)) || !(await isKnown(node.$.read, resource, declared))
    return isDeaf ? [node.name] : []
  })
  const waiting = deaf.flat()
  if (waiting.length === 0) return
  await target.task(`${name} waits until ${waiting.join(' and ')} listens`, {
    met: async () => {
      const connections = (await drbdReport(target, resource)).resource?.connections ?? []
      const tries = connections.some(({ peer, state }) => waiting.includes(peer) && state !== 'StandAlone')
      return !tries || `disconnect ${name}`
    },
    apply: ({ $ }) => $({ unbroken: true })`drbdadm disconnect ${name} </dev/null`,
  })
}

const isAlone = async (node: Member, { resource, target }: Parties): Promise<boolean> => {
  const { resource: state } = await drbdReport(node, resource)
  return state?.connections.find(({ peer }) => peer === target.name)?.state === 'StandAlone'
}

/** The kernel of a survivor has the node under its name and address. */
async function knows(
  node: Member,
  target: DrbdNode,
  resource: DrbdResource,
  resources: DrbdResource[],
): Promise<void> {
  const { name } = resource
  await node.task(`${name} expects ${target.name} at ${target.address}`, {
    met: async ({ $ }) => (await isKnown($.read, resource, target)) || `let ${target.name} in`,
    async apply(context) {
      const { $ } = context
      const state = (await drbdReport({ name: node.name, $ }, resource)).resource
      const known = resource.nodes.map((one) => one.name)
      const gone = state?.connections.filter(({ peer }) => !known.includes(peer)) ?? []
      const still = gone.find((one) => one.state === 'Connected')
      if (still !== undefined)
        throw new BringupError('REFUSED', `${node.name} is still connected with ${still.peer}`, {
          expected: `${still.peer} gone, whose place ${target.name} takes`,
          seen: `${name}: ${still.state}`,
          remedy: `Take it down on ${still.peer} first: drbdadm down ${name}.`,
        })
      // Refuses what would touch more than the connection.
      const now = await drbdAdjust.read(context, { resource: name, resources })
      const steps = drbdAdjust.plan(now, { resource: name, resources })
      if (resource.driver === '9' && gone.length > 0)
        await $({ unbroken: true })`sh -c ${REPLACE_PEER} sh ${name} ${String(target.node_id)}`
      else await drbdAdjust.apply(context, steps, { resource: name, resources }, now)
    },
  })
}

/**
 * The peer of before under the same node_id, whose place in the bitmap stays. One command for both: a survivor that knows
 * no peer at all could not be asked for its generation.
 */
export const REPLACE_PEER = `drbdsetup del-peer "$1" "$2" </dev/null && drbdadm adjust "$1" </dev/null`

/** `drbdsetup show` prints the name of a peer in 9 only, and addresses as `192.168.1.2:7788`, `[fd00::2]:7788`. */
async function isKnown(read: Tag, { name, driver }: DrbdResource, target: DrbdNode): Promise<boolean> {
  const { stdout } = await read({ nothrow: true })`drbdsetup show ${name} </dev/null`
  const host = target.address.includes(':') ? `[${target.address}]` : target.address
  const isThere = new RegExp(`(?<![\\d.])${RegExp.escape(`${host}:${target.port}`)}(?!\\d)`).test(stdout)
  return isThere && (driver === '8.4' || stdout.split(/[\s;"]+/).includes(target.name))
}
