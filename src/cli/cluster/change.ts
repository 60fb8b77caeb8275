import { carryOut } from '../../cluster/day_two/carry_out.ts'
import { changeText } from '../../cluster/day_two/change.ts'
import type { Change } from '../../cluster/day_two/change.ts'
import { ownClaim } from '../../connection/lock_claim.ts'
import type { Seconds } from '../../connection/remote.ts'
import { outcomeText, outlookText } from '../../report/day_two_text.ts'
import { createStatusLine } from '../../report/status_line.ts'
import { painter, printable } from '../../report/style.ts'
import { wrapped } from '../../report/wrap.ts'
import type { RunEvent } from '../../run/events.ts'
import { commandLine, onCluster, printJson } from './on_cluster.ts'
import type { ClusterArguments } from './on_cluster.ts'

export type ChangeArguments = ClusterArguments & {
  readonly check: boolean
  readonly timeout: Seconds
  readonly wait: Seconds
  readonly riskOutage: boolean
  readonly riskOldData: boolean
}

/**
 * `bringup cluster standby` and its siblings. The forecast is standard output's first part, told before anything is done.
 * @returns 0 when the cluster is at rest with the change made, or nothing was to do
 */
export async function changeCommand(change: Change, options: ChangeArguments): Promise<number> {
  const { check, json } = options
  return onCluster(options, async (members, signal) => {
    const { stdout, stderr } = process
    const paint = painter(stdout.hasColors?.() ?? false)
    const status = stderr.isTTY && !json ? createStatusLine(stderr) : () => {}
    const say = (text: string): void => {
      status('')
      if (!json && text !== '') stdout.write(`${stdout.isTTY ? wrapped(text, stdout.columns) : text}\n`)
    }
    const emit = (event: RunEvent): void => {
      if (event.type !== 'note' && event.type !== 'warning') return
      const host = event.type === 'note' && event.host !== undefined ? `${event.host}  ` : ''
      stderr.write(`${host}${printable(event.message)}\n`)
    }
    try {
      const outcome = await carryOut(change, members, {
        ...options,
        claim: ownClaim({ run: new Date().toISOString(), playbook: `bringup cluster ${changeText(change)}` }),
        risks: new Set([
          ...(options.riskOutage ? ['outage' as const] : []),
          ...(options.riskOldData ? ['old data' as const] : []),
        ]),
        signal,
        emit,
        foreseen: (outlook) => say(outlookText(change, outlook, paint, check)),
        progress: status,
      })
      if (json) printJson({ exitCode: 0, change, check, ...outcome })
      say(outcomeText(change, outcome, paint, { check, commandOf: commandLine(options) }))
      return 0
    } finally {
      status('')
    }
  })
}
