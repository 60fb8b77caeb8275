import type { Node, RoleContext } from 'bringup'
import { endWatch, outputOf, printedSoFar, startWatch } from '../drill_standby/watch.ts'
import type { Watch } from '../drill_standby/watch.ts'
import { carryOut } from './act.ts'
import { asForetold } from './as_foretold.ts'
import type { Scene } from './foretell.ts'
import { inWords } from './judge.ts'
import { putBack } from './put_back.ts'
import { countBetween, httpProbe, lastNumber, requestsIn } from './requests.ts'
import { tableOf } from './table.ts'
import type { Row } from './table.ts'
import type { Targets } from './targets.ts'
import { trialsFor } from './trials.ts'
import type { DrillApacheVars } from './vars.ts'

/** Seconds after which the client ends by itself. */
const LONGEST = 3600

/** What became of a trial, and the request that it ended with. */
type Outcome = Omit<Row, 'lost' | 'sent'> & { readonly last: number }

/** Carries out all trials while a client asks, prints what became of them, and leaves the pair as it was. */
export async function drill(
  { nodes, atEnd }: RoleContext<DrillApacheVars>,
  targets: Targets,
  { start, ping }: { start: Scene; ping: boolean },
): Promise<void> {
  const cluster = nodes.in('cluster')
  const observer = nodes.in('observers').first
  const stage = { cluster, observer, targets }
  const watch = await startWatch(observer, targets.address, {
    probe: httpProbe(targets.path),
    longest: LONGEST,
  })
  atEnd(({ nodes: all }) => endWatch(all.named(observer.name).first, watch))
  atEnd(({ nodes: all }) => putBack(all.in('cluster'), targets, start))

  const begin = await lastRequest(observer, watch)
  const outcomes: Outcome[] = []
  let seen = start
  try {
    for (const { name, steps } of trialsFor(start, { threshold: targets.threshold, ping })) {
      let wanted = start
      const ended = async (): Promise<void> => {
        const last = await lastRequest(observer, watch)
        outcomes.push({ trial: name, expected: inWords(wanted), seen: inWords(seen), last })
      }
      try {
        for (const [index, { act, expected }] of steps.entries()) {
          wanted = expected
          await carryOut(act, cluster, targets, seen.apache)
          const step = steps.length === 1 ? '' : ` (${index + 1} of ${steps.length})`
          await asForetold({ trial: name, step }, expected, stage, (scene) => void (seen = scene))
        }
      } catch (error) {
        await ended().catch(() => undefined)
        throw error
      }
      await ended()
    }
    await putBack(cluster, targets, start)
    // Those that were under way have come to their end, too.
    await outputOf(observer, watch)
  } catch (error) {
    // What failed is to be told, not that its table could not be.
    await tell(observer, watch, begin, outcomes).catch(() => undefined)
    throw error
  }
  await tell(observer, watch, begin, outcomes)
}

async function lastRequest(observer: Node<DrillApacheVars>, watch: Watch): Promise<number> {
  return lastNumber(requestsIn(await printedSoFar(observer, watch)))
}

async function tell(
  observer: Node<DrillApacheVars>,
  watch: Watch,
  begin: number,
  outcomes: readonly Outcome[],
): Promise<void> {
  const requests = requestsIn(await printedSoFar(observer, watch))
  const rows = outcomes.map(({ last, ...row }, index) => ({
    ...row,
    ...countBetween(requests, outcomes[index - 1]?.last ?? begin, last),
  }))
  observer.note(`${rows.length} trial${rows.length === 1 ? '' : 's'}\n${tableOf(rows)}`)
}
