import { setTimeout as pause } from 'node:timers/promises'
import { BringupError } from '../errors.ts'
import type { Seconds } from '../connection/remote.ts'
import { runScript } from '../operations/host_script.ts'
import type { ReadContext } from '../operations/operation.ts'
import type { Cib } from '../pacemaker/cib/schema.ts'
import { CRM_MON, parseCrmMon } from '../pacemaker/crm_mon.ts'
import type { ClusterStatus } from '../pacemaker/crm_mon.ts'
import { evidence, failed, settled } from '../pacemaker/settled.ts'

/**
 * `crm_resource --wait` ends when the cluster has nothing left to do (0) or its time is over; then crm_mon says how it
 * is. The first alone does not tell failed from done, the second alone not "not begun" from "done".
 */
const SCRIPT = `
crm_resource --wait --timeout="$1"s >/dev/null 2>&1
printf 'idle %s\\n' "$?"
${CRM_MON}`

const STEP: Seconds = 10
/** How long a resource that failed may take to be recovered after all, once the cluster does nothing more. */
const GRACE: Seconds = 10

/**
 * Waits until the declared resources run and the cluster is idle.
 * @throws BringupError TIMEOUT with what does not run, and the failures that the cluster recorded
 */
export async function waitSettled(context: ReadContext, want: Cib, timeout: Seconds): Promise<void> {
  const start = Date.now()
  const left = () => timeout - (Date.now() - start) / 1000
  let hopelessSince: number | undefined
  let ranBefore = false
  for (;;) {
    const step = Math.max(1, Math.min(STEP, Math.ceil(left())))
    const { stdout } = await runScript(context, SCRIPT, [String(step)])
    const [, idle = '', monitor = ''] = /^idle (\d+)\n([\s\S]*)$/.exec(stdout.toString()) ?? []
    const status = statusIn(monitor)
    const problems = status === undefined ? ['the cluster does not answer'] : settled(status, want)
    // All may run while the cluster has more to do with it: a monitor that begins. Seen again, the rest is others' work.
    const runs = problems.length === 0
    const isOver = left() <= 0
    if (runs && (idle === '0' || ranBefore || isOver)) return
    ranBefore = runs

    const isHopeless = status !== undefined && idle === '0' && failed(status, want).length > 0
    hopelessSince = isHopeless ? (hopelessSince ?? Date.now()) : undefined
    const isGivenUp = hopelessSince !== undefined && Date.now() - hopelessSince > GRACE * 1000
    if (isGivenUp || isOver) {
      const after = Math.round((Date.now() - start) / 1000)
      const seen = [...problems, ...(status === undefined ? [] : evidence(status, want))]
      throw new BringupError('TIMEOUT', `after ${after} s ${problems.join('; ')}`, {
        seen: seen.join('\n'),
        remedy:
          'See why on the node: crm_mon -1rf, journalctl -u pacemaker. After mending it: pcs resource cleanup.',
      })
    }
    await pause(1000, undefined, { signal: context.signal })
  }
}

/** Undefined while the cluster does not answer, as when its DC changes. */
function statusIn(monitor: string): ClusterStatus | undefined {
  return /<resources[\s>/]/.test(monitor) ? parseCrmMon(monitor) : undefined
}
