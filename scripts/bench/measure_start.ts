import type { BenchLab } from './bench_lab.ts'
import { runBringup } from './bringup_side.ts'
import type { StartResult } from './results.ts'
import { spreadOf } from './statistics.ts'
import { timed } from './timed.ts'
import { writeAccess } from './workplace.ts'
import type { Workplace } from './workplace.ts'

/** How long each side takes until it does anything: `--version`, and bringup until its first task on one host. */
export async function measureStart(
  { lab, hosts }: BenchLab,
  workplace: Workplace,
  repeats: number,
): Promise<StartResult> {
  const { netns } = lab
  const access = await writeAccess(workplace, lab, hosts(1))
  const { env, folder: cwd, bringup } = workplace
  const version: number[] = []
  const ansibleVersion: number[] = []
  const untilFirstTask: number[] = []
  // The first one fills the cache of compiled code.
  await runBringup(workplace, access, { netns, playbook: 'start.yml' })
  while (version.length < repeats) {
    version.push((await timed([process.execPath, bringup, '--version'], { cwd, env })).wall)
    ansibleVersion.push((await timed(['ansible-playbook', '--version'], { cwd, env })).wall)
    untilFirstTask.push(
      (await runBringup(workplace, access, { netns, playbook: 'start.yml' })).untilFirstTask,
    )
  }
  return {
    version: spreadOf(version),
    ansibleVersion: spreadOf(ansibleVersion),
    untilFirstTask: spreadOf(untilFirstTask),
  }
}
