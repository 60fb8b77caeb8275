import type { Objection } from '../first_primary/question.ts'
import { canTalk } from '../protocols.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'
import type { RejoinQuestion } from './question.ts'
import { isInStep, reportOf, survivorsOf } from './seen.ts'

/** What forbids to touch the node that is to come back, whatever is on its disks. */
export function* forbiddenByTarget(asked: RejoinQuestion): Generator<Objection> {
  const { resource, target: node } = asked
  const report = reportOf(asked, node)
  if (report === undefined) return
  if (!report.reached) {
    yield { node, fact: 'it could not be reached', remedy: 'Have it installed and running first.' }
    return
  }
  // One in step has nothing to come back to, whoever uses it.
  if (report.resource?.role === 'Primary' && !isInStep(asked))
    yield {
      node,
      fact: `it is Primary of ${resource.name}: what is used now is used there`,
      remedy: `A node that is in use is not rebuilt. ${others(asked)}Else move what runs there to another node first.`,
    }
  for (const { volume, disk } of report.resource?.volumes ?? [])
    if (['Failed', 'Detaching'].includes(disk))
      yield {
        node,
        fact: `volume ${volume} is ${disk}: its disk fails`,
        remedy: 'Replace the disk first; see the kernel log: journalctl -k.',
      }
}

const others = (asked: RejoinQuestion): string =>
  `If another one is meant: --limit ${survivorsOf(asked)
    .map(({ name }) => name)
    .join(' or --limit ')}. `

/** The node must run what the survivors run. Asked after it is known that these run something. */
export function* forbiddenByModules(asked: RejoinQuestion): Generator<Objection> {
  const { resource, target, versions } = asked
  const own = reportOf(asked, target)?.module
  const load = 'Load that of the survivors: the role drbd_module builds it.'
  if (own === undefined) {
    yield { node: target, fact: 'no DRBD module is loaded', remedy: load }
    return
  }
  const series = resource.driver === '9' ? '9.' : '8.4.'
  const reports = asked.reports.filter(({ reached }) => reached)
  for (const { node, module } of reports)
    if (module?.startsWith(series) === false)
      yield {
        node,
        fact: `DRBD ${module} is loaded, and ${resource.name} is declared for ${resource.driver}`,
        remedy: 'Load the right module, or say `driver` of the resource as it is.',
      }
  for (const { node, module } of reports) {
    if (node === target || module === undefined || module === own || resource.driver === '8.4') continue
    if (versions === 'equal')
      yield { node: target, fact: `it runs DRBD ${own}, and ${node} ${module}`, remedy: load }
    else yield* unableToTalk(target, own, { node, module })
  }
}

/**
 * Whether the node has not got the module of the survivors yet, and nothing is up there that keeps it from getting it: as on a
 * machine that was reinstalled, whose kernel may bring a DRBD of its own.
 */
export function lacksModule(asked: RejoinQuestion): boolean {
  const own = reportOf(asked, asked.target)
  if (own === undefined || !own.reached || own.resource !== undefined) return false
  return [...forbiddenByModules(asked)].some(({ node }) => node === asked.target)
}

function* unableToTalk(
  target: string,
  own: string,
  { node, module }: Pick<DrbdNodeReport, 'node'> & { module: string },
): Generator<Objection> {
  const verdict = canTalk(own, module)
  if (verdict.ok) return
  yield {
    node: target,
    fact: `it runs DRBD ${own}, which cannot talk to the ${module} of ${node}`,
    remedy: verdict.remedy,
  }
}
