import type { BenchLab } from './bench_lab.ts'
import { runAnsible } from './ansible_side.ts'
import { runBringup } from './bringup_side.ts'
import type { BringupRun, SideRun } from './bringup_side.ts'
import { openLowerBound } from './lower_bound_side.ts'
import type { Setting } from './options.ts'
import { reset } from './reset.ts'
import type { StepsResult } from './results.ts'
import { spreadOf } from './statistics.ts'
import type { Timed } from './timed.ts'
import { openWay } from './way.ts'
import { writeAccess } from './workplace.ts'
import type { Workplace } from './workplace.ts'

/** What one round of a setting took: each side from the beginning, each again, and the lower bound. */
export interface Round {
  readonly bringupFirst: BringupRun
  readonly bringup: BringupRun
  readonly ansibleFirst: SideRun
  readonly ansible: SideRun
  readonly lowerBound: Timed
}

/** Told how it goes. */
export interface Watcher {
  /** A run has ended. */
  ended?(what: string, run: Timed): void
  /** After a side's second run, with the hosts as it has left them. */
  converged?(side: 'bringup' | 'Ansible'): Promise<void>
}

/** The forty steps in one setting, both sides in turn. @throws BringupError COMMAND_FAILED when a run does not end well */
export async function measureSteps(
  lab: BenchLab,
  workplace: Workplace,
  setting: Setting,
  watcher: Watcher = {},
): Promise<StepsResult> {
  const { hosts: count, delay, repeats } = setting
  const hosts = lab.hosts(count)
  const { netns } = lab.lab
  await using way = await openWay(lab.lab, hosts, delay)
  const access = await writeAccess(workplace, lab.lab, way.hosts)
  await using lowerBound = await openLowerBound(workplace, access, { netns, hosts })

  const shown = <R extends Timed>(what: string, run: R): R => {
    watcher.ended?.(what, run)
    return run
  }
  const rounds: Round[] = []
  while (rounds.length < repeats) {
    const ansibleRun = () => runAnsible(workplace, access, { netns, hosts: count })
    const bringupRun = () => runBringup(workplace, access, { netns })
    await reset(lab, hosts)
    const ansibleFirst = shown('Ansible, first', await ansibleRun())
    const ansible = shown('Ansible, second', await ansibleRun())
    await watcher.converged?.('Ansible')
    await reset(lab, hosts)
    const bringupFirst = shown('bringup, first', await bringupRun())
    const bringup = shown('bringup, second', await bringupRun())
    await watcher.converged?.('bringup')
    const checked = shown('lower bound', await lowerBound.check())
    rounds.push({ bringupFirst, bringup, ansibleFirst, ansible, lowerBound: checked })
  }
  return { hosts: count, delay, way: way.kind, ...figuresOf(rounds) }
}

function figuresOf(rounds: readonly Round[]): Omit<StepsResult, 'hosts' | 'delay' | 'way'> {
  const spread = (value: (round: Round) => number) => spreadOf(rounds.map(value))
  return {
    bringupFirst: spread((round) => round.bringupFirst.wall),
    ansibleFirst: spread((round) => round.ansibleFirst.wall),
    bringup: spread((round) => round.bringup.wall),
    ansible: spread((round) => round.ansible.wall),
    lowerBound: spread((round) => round.lowerBound.wall),
    role: spread((round) => round.bringup.role),
    untilFirstTask: spread((round) => round.bringup.untilFirstTask),
    bringupCpu: spread((round) => round.bringup.cpu),
    ansibleCpu: spread((round) => round.ansible.cpu),
    maxRss: spread((round) => round.bringup.maxRss),
    maxRssFirst: spread((round) => round.bringupFirst.maxRss),
  }
}
