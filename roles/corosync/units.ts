import type { Nodes } from 'bringup'

/** Pacemaker and then corosync stop on all nodes, at the same time. */
export async function stopAll<V>(nodes: Nodes<V>): Promise<void> {
  for (const unit of ['pacemaker', 'corosync'])
    await nodes.each((node) =>
      node.task(`${unit} stopped, on all nodes`, {
        met: async ({ $ }) => {
          const { stdout } = await $.read({ nothrow: true })`systemctl is-active ${unit}`
          return ['inactive', 'failed', 'unknown'].includes(stdout.trim()) || 'stop'
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
