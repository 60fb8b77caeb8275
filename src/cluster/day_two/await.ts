import { setTimeout as pause } from 'node:timers/promises'
import type { Seconds } from '../../connection/remote.ts'
import { BringupError } from '../../errors.ts'
import { createShell } from '../../shell/create.ts'
import { atRest } from '../at_rest.ts'
import type { ClusterState } from './change.ts'
import type { Member } from './members.ts'
import { notReached } from './reached.ts'
import type { Expected } from './reached.ts'
import { readState } from './state.ts'

/** How long (ms) something that is not as wanted may yet become so, once the cluster does nothing more. */
const GRACE = 15_000

/**
 * Waits until a change has come about, and the cluster has nothing more to do.
 * @throws BringupError NOT_MET where the cluster is at rest without it, TIMEOUT where it does not come to rest
 */
export async function awaitChange(
  via: Member,
  expected: Expected,
  options: {
    readonly timeout: Seconds
    readonly signal: AbortSignal
    readonly progress: (text: string) => void
  },
): Promise<ClusterState> {
  const { timeout, signal, progress } = options
  const { remote } = via
  const run: typeof remote.run = (script, { signal: own, ...more } = {}) =>
    remote.run(script, { ...more, signal: own === undefined ? signal : AbortSignal.any([own, signal]) })
  const shell = createShell({ remote: { host: remote.host, run }, mode: 'run', record: () => {} })
  const start = performance.now()
  let restingSince: number | undefined
  for (;;) {
    signal.throwIfAborted()
    const rests = await atRest(shell.read)
    const state = await readState(remote, signal)
    const left = notReached(expected, state)
    if (rests && left.length === 0) return state
    const time = performance.now()
    restingSince = rests ? (restingSince ?? time) : undefined
    const isStuck = restingSince !== undefined && time - restingSince > GRACE
    if (isStuck || time - start > timeout * 1000) throw notDone(via, left, isStuck, time - start)
    progress(left.length === 0 ? 'the cluster still has something to do' : left.join('; '))
    await pause(rests ? 1000 : 0, undefined, { signal })
  }
}

function notDone(via: Member, left: readonly string[], isStuck: boolean, milliseconds: number): BringupError {
  const after = `after ${Math.round(milliseconds / 1000)} s`
  return new BringupError(
    isStuck ? 'NOT_MET' : 'TIMEOUT',
    isStuck
      ? `the change was made, and ${after} the cluster is at rest without what was wanted of it`
      : `the change was made, and ${after} the cluster is not done with it`,
    {
      host: via.host.name,
      seen: left.length === 0 ? 'the cluster still has something to do' : left.join('\n'),
      remedy:
        'See why on the node: bringup status, crm_mon -1rf, journalctl -u pacemaker. What was changed stays; running it again goes on from here.',
    },
  )
}
