import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BringupError } from '../../../src/errors.ts'
import { runBringup } from '../bringup_side.ts'
import type { BringupRun } from '../bringup_side.ts'
import type { Workplace } from '../workplace.ts'
import { playHosts } from './hosts.ts'

/** A first and a second run on as many simulated hosts. @throws BringupError COMMAND_FAILED when not all converge */
export async function runSimulated(
  workplace: Workplace,
  count: number,
): Promise<{ first: BringupRun; second: BringupRun }> {
  const folder = await mkdtemp(join(tmpdir(), 'bringup-simulated-'))
  try {
    await using hosts = await playHosts(folder, count)
    const first = await runBringup(workplace, hosts, { playbook: 'simulated.yml' })
    const second = await runBringup(workplace, hosts, { playbook: 'simulated.yml' })
    if (second.changed > 0)
      throw new BringupError(
        'COMMAND_FAILED',
        `the second run on ${count} simulated hosts changed something`,
        {
          seen: `${second.changed} tasks`,
        },
      )
    return { first, second }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
