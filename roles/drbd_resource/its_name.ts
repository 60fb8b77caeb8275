import type { Node } from 'bringup'

export async function itsName<V>(node: Node<V>): Promise<void> {
  const { hostname } = node.facts
  await node.require(
    `${node.name} calls itself so`,
    async () => hostname === node.name || `uname -n says ${hostname}`,
    'DRBD finds its own part of the configuration by this name: set it with hostnamectl, or name the host so in the inventory.',
  )
}
