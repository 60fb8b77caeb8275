import type { No } from '../first_primary/question.ts'
import { diskfulNodes } from '../resource_nodes.ts'
import type { DrbdResource } from '../resource_schema.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'
import { byHand, healCommand } from './commands.ts'
import { forbiddenBySurvivor, forbiddenByVictim } from './forbidden.ts'
import type { Heal, HealQuestion } from './question.ts'
import { areConnected, connectionTo, generationOf, haveCommonBitmap, nodesRelation } from './relations.ts'

/**
 * Whether, and how, a split brain is healed: the victim's data are given up for those of all other nodes. Which node that
 * is, no program can know; the operator names it. Nothing is healed where the others do not all have the same data, UpToDate,
 * where the victim is in use, or where a node is away, which may have newer data than all.
 */
export function decideHeal(question: HealQuestion): Heal {
  const { resource, reports, victim } = question
  const nodes = diskfulNodes(resource as DrbdResource)
  const no =
    (node: string, isSplit = true) =>
    (fact: string, remedy: string): Heal => ({ kind: 'refused', isSplit, node, fact, remedy })
  const found: DrbdNodeReport[] = []
  for (const { name } of nodes) {
    const [report, another] = reports.filter(({ node }) => node === name)
    if (report === undefined || another !== undefined)
      return no(name, false)(
        report === undefined ? 'nothing is known of it' : 'it is reported twice',
        'Run on all nodes of the resource, without --limit.',
      )
    if (!report.reached)
      return no(name, false)(
        'it could not be reached',
        'Bring it back first: it may have newer data than all others.',
      )
    found.push(report)
  }
  const splits = pairs(found).filter(([a, b]) => isSplit(question, a, b))
  if (splits.length === 0) return withoutSplit(question, found)
  if (victim === undefined)
    return {
      kind: 'refused',
      isSplit: true,
      node: undefined,
      fact: `nobody said whose data are to be lost: ${nodes.map(({ name }) => name).join(' or ')}`,
      remedy: [
        'Look at the data of both, and decide. Then one of:',
        ...nodes.map(({ name }) => `to LOSE what only ${name} has: ${healCommand(name)}`),
      ].join('\n'),
    }
  const loser = found.find(({ node }) => node === victim)
  const split = splits.map(([a, b]) => `${a.node} and ${b.node}`).join(', ')
  if (loser === undefined)
    return no(victim)(`it has no data of ${resource.name}`, `Name one of those that are split: ${split}.`)
  if (!splits.some((pair) => pair.includes(loser)))
    return no(victim)(`it is not split from any other`, `Name one of those that are: ${split}.`)
  const survivors = found.filter((one) => one !== loser)
  for (const report of survivors) {
    const [objection] = forbiddenBySurvivor(question, report, survivors, objecting(report.node))
    if (objection !== undefined) return { kind: 'refused', isSplit: true, ...objection }
  }
  const [objection] = forbiddenByVictim(question, loser, survivors, objecting(loser.node))
  if (objection !== undefined) return { kind: 'refused', isSplit: true, ...objection }
  return {
    kind: 'heal',
    victim,
    survivors: survivors.map(({ node }) => node),
    overwrites: survivors.every((one) => countAlike(question, loser, one)) ? 'changes' : 'all',
    steps: byHand(resource.name, loser, survivors),
  }
}

const objecting =
  (node: string): No =>
  (fact, remedy) => ({ node, fact, remedy })

const pairs = (reports: readonly DrbdNodeReport[]): [DrbdNodeReport, DrbdNodeReport][] =>
  reports.flatMap((a, index) => reports.slice(index + 1).map((b): [DrbdNodeReport, DrbdNodeReport] => [a, b]))

function isSplit({ resource }: HealQuestion, a: DrbdNodeReport, b: DrbdNodeReport): boolean {
  const relation = nodesRelation(a, b, resource.volumes)
  return !areConnected(a, b) && (relation === 'diverged' || relation === 'unrelated')
}

/** Nothing to heal, or nothing that this could heal. */
function withoutSplit({ resource, victim }: HealQuestion, found: readonly DrbdNodeReport[]): Heal {
  const apart = pairs(found).find(([a, b]) => !areConnected(a, b))
  if (apart !== undefined) {
    const [a, b] = apart
    const relation = nodesRelation(a, b, resource.volumes)
    const is = (from: DrbdNodeReport, to: DrbdNodeReport) =>
      `${from.node} is ${from.resource === undefined ? 'not up' : (connectionTo(from, to.node)?.state ?? 'without a connection')}`
    const words = {
      same: 'their data are the same',
      older: `${b.node} has all that ${a.node} has, and more`,
      newer: `${a.node} has all that ${b.node} has, and more`,
    } as const
    return {
      kind: 'refused',
      isSplit: false,
      node: undefined,
      fact: `${is(a, b)}, ${is(b, a)}, and that is no split brain${relation === undefined || !(relation in words) ? ': not all metadata could be read' : `: ${words[relation as keyof typeof words]}`}`,
      remedy:
        relation === undefined
          ? `Bring it up where it is not: drbdadm adjust ${resource.name}. A node whose disk is lost or blank is rebuilt: playbooks/rebuild-node.yml --limit NODE.`
          : `Nothing has to be given up: drbdadm connect ${resource.name} where it is StandAlone, or playbooks/rebuild-node.yml --limit NODE.`,
    }
  }
  const loser = found.find(({ node }) => node === victim)
  const target = loser?.resource?.connections.some(({ volumes }) =>
    volumes.some(({ replication }) => /^(SyncTarget|PausedSyncT|WFBitMapT|WFSyncUUID)$/.test(replication)),
  )
  if (target === true) return { kind: 'syncing', because: `${victim} takes the data of the others` }
  return { kind: 'none', because: `all nodes of ${resource.name} with data are connected` }
}

function countAlike({ resource }: HealQuestion, a: DrbdNodeReport, b: DrbdNodeReport): boolean {
  return resource.volumes.every(({ volume }) => {
    const [one, other] = [generationOf(a, volume), generationOf(b, volume)]
    return one !== undefined && other !== undefined && haveCommonBitmap(one, other)
  })
}
