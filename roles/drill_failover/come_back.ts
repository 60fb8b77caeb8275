import { setTimeout as delay } from 'node:timers/promises'
import { BringupError } from 'bringup'
import type { ApplyContext, Node, ReadContext } from 'bringup'
import type { DrillVars } from './vars.ts'

/** Tells one life of a node's corosync from the next: the boot, and when it was started. */
const LIFE = `
cat /proc/sys/kernel/random/boot_id
systemctl show -p ExecMainStartTimestampMonotonic corosync
systemctl is-active corosync pacemaker | tr '\\n' ' '
systemctl is-system-running`

export interface Life {
  readonly boot: string
  readonly corosync: string
  readonly runs: boolean
  readonly started: boolean
}

export async function lifeOf({ $ }: { readonly $: Pick<ReadContext['$'], 'read'> }): Promise<Life> {
  const { stdout } = await $.read({ nothrow: true, timeout: 20 })`sh -c ${LIFE}`
  const [boot = '', corosync = '', states = ''] = stdout.trim().split('\n')
  return {
    boot,
    corosync,
    runs: /^active active\b/.test(states),
    started: !/(initializing|starting|offline|unknown)$/.test(states),
  }
}

/**
 * Waits until a node that was disturbed has its cluster stack again, which it starts where the boot does not. The node
 * may have booted in between, or just its corosync have been started anew.
 */
export async function comeBack(node: Node<DrillVars>, before: Life, timeout: number): Promise<void> {
  const back = async (context: Parameters<typeof lifeOf>[0]): Promise<true | string> => {
    const life = await lifeOf(context).catch(() => null)
    if (life === null) return 'it is away'
    if (life.boot === before.boot && life.corosync === before.corosync) return 'it has not gone yet'
    return life.runs || 'its cluster stack does not run yet'
  }
  await node.task(`${node.name} is back`, {
    met: back,
    apply: async (context) => {
      const deadline = performance.now() + timeout * 1000
      for (;;) {
        const state = await back(context)
        if (state === true) return
        const left = (deadline - performance.now()) / 1000
        if (left <= 0) throw notBack(node.name, timeout, state)
        if (state === 'it is away') await reconnect(context, left)
        else await startStack(context, before)
        await delay(1000, undefined, { signal: context.signal })
      }
    },
  })
}

async function reconnect({ remote, signal }: ApplyContext, left: number): Promise<void> {
  await remote.reconnect({ timeout: left, signal })
}

/** A site may have its cluster not start at boot, so that somebody looks first; the drill is somebody. */
async function startStack(context: ApplyContext, before: Life): Promise<void> {
  const life = await lifeOf(context).catch(() => null)
  if (life === null || life.boot === before.boot || !life.started || life.runs) return
  await context.$({ nothrow: true, timeout: 120 })`systemctl start pacemaker`
}

const notBack = (name: string, timeout: number, seen: string): BringupError =>
  new BringupError('TIMEOUT', `${name} did not come back within ${timeout} s`, {
    seen,
    remedy:
      'Look at its console. A node whose corosync died is reset by its watchdog (roles/watchdog); without one it stays as it is.',
  })
