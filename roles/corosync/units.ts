import type { Nodes } from 'bringup'
import { unitsUp } from '../../src/cluster/units_up.ts'

/** Pacemaker and then corosync stop on all nodes, at the same time. */
export async function stopAll<V>(nodes: Nodes<V>): Promise<void> {
  for (const unit of ['pacemaker', 'corosync'])
    await nodes.each((node) =>
      node.task(`${unit} stopped, on all nodes`, {
        met: async ({ $ }) => {
          const up = await unitsUp($.read, [unit])
          return up.length === 0 || 'stop'
        },
        apply: ({ $ }) => $({ unbroken: true })`systemctl stop ${unit}`,
      }),
    )
}

/** Both run, now and after a boot. One after the other, so that no Pacemaker meets a corosync that is not there yet. */
export async function startAll<V>(nodes: Nodes<V>): Promise<void> {
  for (const name of ['corosync', 'pacemaker'])
    await nodes.each((node) => node.service({ name, state: 'started', enabled: true }))
}
