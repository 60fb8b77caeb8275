import type { Nodes } from 'bringup'
import { placesOf } from '../apache/places.ts'
import { isActive } from '../apache/unit.ts'
import { unhealthy } from '../drill_failover/health.ts'
import type { Scene } from './foretell.ts'
import { differences } from './judge.ts'
import { see } from './see.ts'
import type { Targets } from './targets.ts'

/**
 * The pair as it is, which the drill leaves so.
 * @throws BringupError REFUSED where it is not well, or another drill, or an operator, has left something
 */
export async function wellPair<V>(cluster: Nodes<V>, targets: Targets): Promise<Scene> {
  const via = cluster.first
  let start: Scene | undefined
  await via.require(
    'two nodes that are well, and nothing left of earlier failures and moves',
    async () => {
      const { scene, status } = await see(via, targets)
      if (status.nodes.length !== 2) return `the cluster has ${status.nodes.length} nodes`
      start = scene
      const wanted: Scene = {
        apache: scene.apache,
        vip: scene.apache,
        failures: Object.fromEntries(status.nodes.map(({ name }) => [name, 0])),
        banned: [],
        preferred: null,
        cutOff: [],
      }
      const ills = [...unhealthy(status, [targets.vip, targets.apache]), ...differences(wanted, scene)]
      return ills.length === 0 || ills.join('; ')
    },
    `Bring it into order first. What a drill left whose controller died: crm resource cleanup ${targets.apache}; crm resource unmove ${targets.group}.`,
  )
  await cluster.each(async (node) => {
    const { name } = placesOf(node.facts)
    await node.require(
      'Pacemaker alone starts Apache',
      async () => !(await isActive(node, name)) || `${name}.service runs, and would start it again`,
      `Have Pacemaker start it itself: crm resource restart ${targets.apache}. Then play apache, which disables the unit.`,
    )
  })
  if (start === undefined) throw new Error('a require that holds was asked')
  return start
}
