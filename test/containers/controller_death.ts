import { readFile } from 'node:fs/promises'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { StartedRun } from '../support/bringup.ts'
import { until } from '../support/until.ts'

/**
 * Kills the process of a run that does the work: on a Node that is too old it is a child of the one that was started.
 * What these started (the ways to the nodes) is left to find out by itself. @returns when the process is gone
 */
export async function killController(run: StartedRun): Promise<void> {
  const children = await readFile(`/proc/${run.pid}/task/${run.pid}/children`, 'utf8').catch(() => '')
  const workers = await Promise.all(
    children.split(' ').map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return command.includes('bin/bringup.js') ? [Number(pid)] : []
    }),
  )
  for (const pid of [run.pid, ...workers.flat()]) kill(pid)
  await run.ended
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It may have come to its end just now.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Waits until what a node was at when its controller died has come to its end there, under the sshd that it came by. */
export async function withoutOrphans(lab: Lab): Promise<void> {
  for (const { name } of lab.nodes)
    await until(async () => (await lab.exec(name, ORPHANS)).stdout.trim() === '')
}

// But sshd itself, and the session that asks this: some nodes can be asked over SSH only.
const ORPHANS = `read -r _ _ _ _ _ own _ </proc/self/stat
find /sys/fs/cgroup -path '*/ssh.service/cgroup.procs' -exec cat {} + | while read -r pid; do
  read -r _ name _ _ _ session _ <"/proc/$pid/stat" || continue
  [ "$name" = '(sshd)' ] || [ "$session" = "$own" ] || echo "$name"
done 2>/dev/null`
