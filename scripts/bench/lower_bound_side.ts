import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchHost } from './bench_lab.ts'
import { lowerBoundScript } from './lower_bound_script.ts'
import { timed } from './timed.ts'
import type { Timed } from './timed.ts'
import type { Access, Workplace } from './workplace.ts'

/** Connections of OpenSSH's that are open, for checks over them. */
export interface LowerBound extends AsyncDisposable {
  /** Checks all hosts at once. @throws BringupError COMMAND_FAILED when a step is not met anywhere, with which */
  check(): Promise<Timed>
}

/** Opens a connection to each host, and keeps it (ssh_config(5), ControlMaster). */
export async function openLowerBound(
  { folder, env }: Workplace,
  access: Access,
  { netns, hosts }: { netns: string; hosts: readonly BenchHost[] },
): Promise<LowerBound> {
  const ssh = `ssh -F ${access.sshConfig}`
  const names = hosts.map(({ name }) => name).join(' ')
  const forAll = (command: string): Promise<Timed> =>
    timed(
      [
        'sh',
        '-c',
        `pids=\nfor host in ${names}; do ${command} & pids="$pids $!"; done
bad=0; for pid in $pids; do wait "$pid" || bad=1; done; exit "$bad"`,
      ],
      { netns, cwd: folder, env },
    )
  for (const { name } of hosts) await writeFile(join(folder, `${name}.sh`), await lowerBoundScript(name))
  await forAll(`${ssh} -o ControlPersist=yes -M -N -f "$host" >/dev/null 2>&1 </dev/null`)
  return {
    check: () => forAll(`${ssh} "$host" sh <"$host.sh"`),
    [Symbol.asyncDispose]: async () => void (await forAll(`${ssh} -q -O exit "$host"`)),
  }
}
