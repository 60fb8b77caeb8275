import { setTimeout as delay } from 'node:timers/promises'
import { BringupError } from 'bringup'
import type { Node, Nodes } from 'bringup'
import { atRest } from '../../src/cluster/at_rest.ts'
import type { Scene } from './foretell.ts'
import { answersAsExpected, differences, inWords } from './judge.ts'
import { askOnce } from './requests.ts'
import { see } from './see.ts'
import type { Targets } from './targets.ts'
import type { DrillApacheVars } from './vars.ts'

export interface Stage {
  readonly cluster: Nodes<DrillApacheVars>
  readonly observer: Node<DrillApacheVars>
  readonly targets: Targets
}

/** Milliseconds between two looks. */
const INTERVAL = 500

/**
 * Waits until the pair is as foretold, has nothing left to do, and the client is answered by whom it has to be.
 * @param seen told of every look
 * @throws BringupError TASK_FAILED under the trial's name where it is not in time
 */
export async function asForetold(
  { trial, step }: { trial: string; step: string },
  expected: Scene,
  stage: Stage,
  seen: (scene: Scene) => void,
): Promise<void> {
  const via = stage.cluster.first
  const { drill_timeout: timeout } = via.vars
  let isDone = false
  await via.task(`${trial}${step}`, {
    met: async () => isDone || inWords(expected),
    apply: async ({ signal }) => {
      const deadline = performance.now() + timeout * 1000
      for (;;) {
        const ills = await look(expected, stage, seen)
        if (ills.length === 0) break
        if (performance.now() > deadline) throw notForetold(trial, expected, ills, timeout)
        await delay(INTERVAL, undefined, { signal })
      }
      isDone = true
    },
  })
}

async function look(
  expected: Scene,
  { cluster, observer, targets }: Stage,
  seen: (scene: Scene) => void,
): Promise<string[]> {
  const via = cluster.first
  const ills = async (): Promise<string[]> => {
    const { scene } = await see(via, targets)
    seen(scene)
    return differences(expected, scene)
  }
  const before = await ills()
  if (before.length > 0) return before
  if (!(await atRest(via.$.read))) return ['the cluster is still at work']
  const after = await ills()
  if (after.length > 0) return after
  const answer = await answerOf(observer, targets)
  return answersAsExpected(expected, answer, targets.namesNode)
    ? []
    : [answer === null ? `${targets.address} does not answer` : `${targets.address} answers: ${answer}`]
}

/** The page, as the client gets it; null where it gets none. */
async function answerOf(observer: Stage['observer'], { address, path }: Targets): Promise<string | null> {
  const { exitCode, stdout } = await observer.$.read({
    nothrow: true,
    timeout: 20,
  })`sh -c ${askOnce(path)} ask ${address}`
  return exitCode === 0 ? stdout.trim().slice(0, 60) : null
}

const notForetold = (trial: string, expected: Scene, ills: string[], timeout: number): BringupError =>
  new BringupError('TASK_FAILED', `${trial}: Pacemaker did otherwise than foretold`, {
    expected: `${inWords(expected)}, within ${timeout} s (drill_timeout)`,
    seen: ills.join('; '),
    remedy:
      'See crm_mon -1Af and crm configure show, and the cluster log of that minute: journalctl -u pacemaker.',
  })
