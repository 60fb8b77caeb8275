import type { Node, Tag } from 'bringup'
import { atRest } from '../../src/cluster/at_rest.ts'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'

/** The node that a resource runs on, as `crm_resource --locate` says; null where it runs nowhere. */
export async function placeOf<V>(node: Node<V>, resource: string): Promise<string | null> {
  const { stdout } = await node.$.read({
    nothrow: true,
  })`crm_resource --locate --quiet --resource ${resource}`
  return stdout.trim().split(/\s+/)[0] || null
}

/** Nodes of the cluster that nothing could move to, in words: `server1 is in standby`. */
export async function unableNodes<V>(node: Node<V>): Promise<string[]> {
  const { stdout } = await node.$.read`sh -c ${CRM_MON}`
  return parseCrmMon(stdout).nodes.flatMap(({ name, online, standby: held, maintenance }) => {
    const states = [online || 'offline', !held || 'in standby', !maintenance || 'in maintenance']
    const said = states.filter((state) => state !== true)
    return said.length === 0 ? [] : [`${name} is ${said.join(' and ')}`]
  })
}

/** Puts a node on standby and waits until the resource runs on another. @returns that one */
export async function standby<V>(
  via: Node<V>,
  name: string,
  resource: string,
  timeout: number,
): Promise<string> {
  await via.task(`${name} on standby`, {
    met: async ({ $ }) => (await isStandby($.read, name)) || `${resource} is to leave ${name}`,
    apply: ({ $ }) => $`pcs node standby ${name} --wait=${timeout}`,
  })
  let place: string | null = null
  await via.wait_for({
    condition: async () => {
      place = await placeOf(via, resource)
      return (place !== null && place !== name) || `it runs on ${place ?? 'no node'}`
    },
    description: `${resource} on another node than ${name}`,
    interval: 0.2,
    timeout,
  })
  return place ?? name
}

/** Takes a node off standby and waits until the resource has its place again. */
export async function unstandby<V>(
  via: Node<V>,
  name: string,
  resource: string,
  timeout: number,
): Promise<void> {
  await via.task(`${name} off standby`, {
    met: async ({ $ }) => !(await isStandby($.read, name)) || `${name} may run resources again`,
    apply: ({ $ }) => $`pcs node unstandby ${name} --wait=${timeout}`,
  })
  await via.wait_for({
    condition: async ({ $ }) => {
      return (
        ((await atRest($.read)) && (await placeOf(via, resource)) !== null) || 'the cluster is not settled'
      )
    },
    description: 'the cluster settled',
    interval: 0.2,
    timeout,
  })
}

async function isStandby(read: Tag, name: string): Promise<boolean> {
  const { stdout } = await read({
    nothrow: true,
  })`crm_attribute --quiet --query --node ${name} --name standby --default off`
  return stdout.trim() === 'on'
}
