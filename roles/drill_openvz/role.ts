import { defineRole } from 'bringup'
import type { Node } from 'bringup'
import { activeNode, drill } from '../drill_failover/drill.ts'
import { drillTargets } from '../drill_failover/targets.ts'
import { drillOpenvzVars } from './vars.ts'
import type { DrillOpenvzVars } from './vars.ts'

export default defineRole({
  summary:
    'A container goes on with its files on the other node, whichever way one fails; the seconds are told',
  vars: drillOpenvzVars,

  async run(context) {
    const { check, atEnd } = context
    const { vars } = context.nodes.in('cluster').first
    const { drill_container: name, drill_template: template } = vars
    const { address, ids } = drillTargets(vars)
    const all = [...ids, vars.drill_service] as const
    await drill(context, {
      address,
      ids: all,
      trial: {
        what: `container ${name}`,
        shell: ['prlctl', 'exec', name, 'sh'],
        folder: '/root/.bringup-drill',
      },
      async begin(cluster) {
        const place = await activeNode(cluster, cluster.first, all)
        await place.require(
          `no container ${name} yet`,
          async (on) => (await stateOf(on, name)) === null || `there is one on ${place.name}`,
          `It may be of a drill that was killed: prlctl stop ${name} --kill; prlctl delete ${name}. Or name another in drill_container.`,
        )
        if (check) return place
        atEnd(({ nodes }) => nodes.in('cluster').each((node) => remove(node, name)))
        await place.task(`container ${name}`, {
          met: async (on) => (await stateOf(on, name)) === 'running' || `made of ${template}, and started`,
          async apply({ $ }) {
            await $({ timeout: 1800 })`prlctl create ${name} --vmtype ct --ostemplate ${template}`
            // Which is what has `vz` start it on the other node.
            await $`vzctl set ${name} --onboot yes --save`
            await $({ timeout: 600 })`prlctl start ${name}`
          },
        })
        return place
      },
    })
  },
})

type Looking = { readonly $: Pick<Node['$'], 'read'> }

/** `running`, `stopped`, …; null where the node has no such container. */
async function stateOf({ $ }: Looking, name: string): Promise<string | null> {
  const { stdout } = await $.read({ nothrow: true, timeout: 60 })`prlctl list -a -H -o name,status`
  const line = stdout.split('\n').find((one) => one.trim().split(/\s+/)[0] === name)
  return line?.trim().split(/\s+/)[1] ?? null
}

/** Only on the node that has it: on the others there is no /vz. */
async function remove(node: Node<DrillOpenvzVars>, name: string): Promise<void> {
  if ((await stateOf(node, name)) === null) return
  await node.$({ nothrow: true, timeout: 120 })`prlctl stop ${name} --kill`
  await node.$({ timeout: 120 })`prlctl delete ${name}`
}
