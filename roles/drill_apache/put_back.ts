import { setTimeout as delay } from 'node:timers/promises'
import { BringupError } from 'bringup'
import type { Nodes } from 'bringup'
import { atRest } from '../../src/cluster/at_rest.ts'
import { runningPid } from '../apache/running.ts'
import { carryOut, mend } from './act.ts'
import type { Scene } from './foretell.ts'
import { inWords } from './judge.ts'
import { nextRepair } from './repair.ts'
import { see } from './see.ts'
import type { Targets } from './targets.ts'
import type { DrillApacheVars } from './vars.ts'

/** Milliseconds between two looks. */
const INTERVAL = 1000

/**
 * Brings the pair back to how it was when the drill began, from wherever a trial has left it.
 * @throws BringupError TIMEOUT where it does not come back
 */
export async function putBack(
  cluster: Nodes<DrillApacheVars>,
  targets: Targets,
  start: Scene,
): Promise<void> {
  await cluster.each((node) => mend(node))
  const via = cluster.first
  const deadline = performance.now() + via.vars.drill_timeout * 1000
  for (;;) {
    const { scene } = await see(via, targets)
    const act = (await isUnseenDead(cluster, scene)) ? 'wait' : nextRepair(start, scene)
    if (act === null && (await atRest(via.$.read))) return
    if (performance.now() > deadline) throw notBack(start, scene, targets)
    if (act !== null && act !== 'wait') await carryOut(act, cluster, targets, scene.apache)
    await delay(INTERVAL)
  }
}

/**
 * Whether Apache was killed, and the cluster has not seen it. A cleanup now would have it probe: it finds Apache stopped, and
 * starts it beside children that still hold the port, where a failure that it sees is followed by a stop, which ends them.
 */
async function isUnseenDead(cluster: Nodes<DrillApacheVars>, { apache }: Scene): Promise<boolean> {
  return apache !== null && (await runningPid(cluster.named(apache).first)) === null
}

const notBack = (start: Scene, seen: Scene, { apache, group }: Targets): BringupError =>
  new BringupError('TIMEOUT', 'the cluster did not come back to how the drill found it', {
    expected: inWords(start),
    seen: inWords(seen),
    remedy: `By hand: crm resource cleanup ${apache}; crm resource unmove ${group}; crm resource move ${group} ${start.apache} force; and unmove again.`,
  })
