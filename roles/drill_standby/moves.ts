import type { Node } from 'bringup'

/** The node that a resource runs on, as `crm_resource --locate` says; null where it runs nowhere. */
export async function placeOf<V>(node: Node<V>, resource: string): Promise<string | null> {
  const { stdout } = await node.$.read({
    nothrow: true,
  })`crm_resource --locate --quiet --resource ${resource}`
  return stdout.trim().split(/\s+/)[0] || null
}

/** Puts a node on standby and waits until the resource runs on another. @returns that one */
export async function standby<V>(
  via: Node<V>,
  name: string,
  resource: string,
  timeout: number,
): Promise<string> {
  let place: string | null = null
  await via.task(`${name} on standby: ${resource} moves`, {
    met: async () => {
      place = await placeOf(via, resource)
      return (place !== null && place !== name) || `${resource} runs on ${place ?? 'no node'}`
    },
    apply: ({ $ }) => $`pcs node standby ${name} --wait=${timeout}`,
  })
  return place ?? name
}

/** Takes a node off standby and waits until the cluster has settled. */
export async function unstandby<V>(via: Node<V>, name: string, timeout: number): Promise<void> {
  await via.task(`${name} off standby`, {
    met: async ({ $ }) => {
      const { stdout } = await $.read({
        nothrow: true,
      })`crm_attribute --quiet --query --node ${name} --name standby --default off`
      return stdout.trim() !== 'on' || `${name} is on standby`
    },
    apply: ({ $ }) => $`pcs node unstandby ${name} --wait=${timeout}`,
  })
}
