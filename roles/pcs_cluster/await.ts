import type { Node } from 'bringup'
import { linksDown, onlineNodes } from './live.ts'

/** Waits until a node's Pacemaker has these online. @param timeout in seconds */
export async function awaitOnline<V>(via: Node<V>, names: readonly string[], timeout: number): Promise<void> {
  await via.wait_for({
    condition: async () => {
      const online = await onlineNodes(via)
      const missing = names.filter((name) => !online.includes(name))
      return missing.length === 0 || `not online: ${missing.join(', ')}`
    },
    description: 'all nodes online',
    timeout,
  })
}

/** Waits until all corosync links of a node connect. @param timeout in seconds */
export async function awaitLinks<V>(node: Node<V>, timeout: number): Promise<void> {
  await node.wait_for({
    condition: async () => {
      const down = await linksDown(node)
      return down.length === 0 || down.join('; ')
    },
    description: 'all corosync links connected',
    timeout,
  })
}
