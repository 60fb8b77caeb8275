import { basename } from 'node:path'
import type { RunRecord, Seam, TaskRecord } from '../run_record.ts'
import { duration } from '../style.ts'
import { hostsText } from './hosts.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'
import { dateAndClock, outcomeOf } from './words.ts'

export function titleOf({ start, began }: RunRecord): string {
  return `${start === undefined ? 'A run' : basename(start.playbook)} · ${dateAndClock(began)}`
}

/** What ran, on what, when, for how long, and how it ended. */
export function headerPart(run: RunRecord): Markup {
  const { start, end } = run
  const { word, look } = outcomeOf(run)
  const facts: [string, Markup | string][] = [
    ['Playbook', start?.playbook ?? 'not known'],
    ['Inventory', start?.inventory ?? 'not known'],
    ['Hosts', start === undefined ? 'not known' : hostsText(start.hosts)],
    ['Began', markup`<time datetime="${run.began}">${dateAndClock(run.began)}</time>`],
    ...run.seams.map((seam): [string, string] => ['Resumed', resumedText(seam)]),
    ['Took', `${end === undefined ? 'at least ' : ''}${duration(run.milliseconds)}`],
  ]
  if (end !== undefined) facts.push(['Exit code', String(end.exitCode)])
  return markup`<header>
<p class="kind">${start?.check === true ? 'Check of a playbook' : 'Run of a playbook'}</p>
<h1>${start === undefined ? 'A run without a beginning' : basename(start.playbook)} <span class="badge ${look}">${word}</span></h1>
${stoppedPart(run)}<dl class="facts">
${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
</header>
`
}

const resumedText = ({ began, resumes }: Seam): string => `${dateAndClock(began)}, at ${resumes.role}`

function stoppedPart({ end, plays }: RunRecord): Markup | null {
  const role = plays.flatMap((play) => play.roles).findLast((one) => one.outcome !== 'done')
  const stopped = end?.stoppedAt?.role ?? (end === undefined ? role?.role : undefined)
  const running = (role?.tasks ?? []).filter(isUnderWay)
  if (end === undefined) {
    const where = stopped === undefined ? 'before the first role' : markup`in <b>${stopped}</b>`
    return markup`<p class="stopped">The journal ends ${where}${at(running)}. If the run is not still under way, its controller was killed or lost its power: what was being done then may be done, half done or not begun. Running the playbook again looks, and goes on from there.</p>\n`
  }
  return stopped === undefined
    ? null
    : markup`<p class="stopped">Stopped in <b>${stopped}</b>${at(running)}.</p>\n`
}

const isUnderWay = ({ status }: TaskRecord): boolean => status === 'unfinished' || status === 'interrupted'

const at = (running: readonly { host: string; task: string }[]): string =>
  running.length === 0 ? '' : `, at ${running.map(({ host, task }) => `${host}: ${task}`).join('; ')}`
