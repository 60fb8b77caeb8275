import { join } from 'node:path'
import { BringupError } from '../../src/errors.ts'
import type { SideRun } from './bringup_side.ts'
import { timed } from './timed.ts'
import type { Access, Workplace } from './workplace.ts'

/** Runs the playbook on all hosts of the inventory, all at once. Its connections stay open from one run to the next. */
export async function runAnsible(
  { project, folder, env }: Workplace,
  access: Access,
  options: { netns: string; hosts: number },
): Promise<SideRun> {
  const run = await timed(
    ['ansible-playbook', '-i', access.inventory, '--forks', String(options.hosts), 'site.yml'],
    {
      netns: options.netns,
      cwd: join(project, 'ansible'),
      env: {
        ...env,
        LC_ALL: 'C.UTF-8',
        ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, 'cp'),
        ANSIBLE_SSH_COMMON_ARGS: `-o UserKnownHostsFile=${access.knownHosts} -o IdentitiesOnly=yes`,
      },
    },
  )
  return { ...run, changed: changedIn(run.stdout) }
}

/** The sum of `changed=` in the recap, which must say that nothing failed. */
export function changedIn(output: string): number {
  const recap = [...output.matchAll(/ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)/g)]
  const bad =
    recap.length === 0 || recap.some(([, , unreachable, failed]) => unreachable !== '0' || failed !== '0')
  if (bad)
    throw new BringupError('COMMAND_FAILED', 'the Ansible playbook failed', { seen: output.slice(-2000) })
  return recap.reduce((sum, [, changed]) => sum + Number(changed), 0)
}
