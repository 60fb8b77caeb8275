import type { Lab } from '../../scripts/lab/raise.ts'
import { until } from '../support/until.ts'

/** Waits until what a node was at when its controller died has come to its end there, under the sshd that it came by. */
export async function withoutOrphans(lab: Lab): Promise<void> {
  const script = 'find /sys/fs/cgroup -path "*/ssh.service/cgroup.procs" -exec cat {} + | sort -u | wc -l'
  for (const { name } of lab.nodes)
    await until(async () => {
      const { stdout } = await lab.exec(name, script)
      return stdout.trim() === '1'
    })
}
