import type { PlayRecord, RoleRecord, Seam, TaskRecord } from '../run_record.ts'
import { duration } from '../style.ts'
import { changesInShort, changesPart, hasDiff, summariesOf } from './changes.ts'
import { chipsPart } from './chips.ts'
import { commandPart } from './commands.ts'
import { errorCard } from './errors.ts'
import { hostsText } from './hosts.ts'
import type { HostPlaces } from './hosts.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'
import { roleId, taskGroups } from './task_groups.ts'
import type { TaskGroup } from './task_groups.ts'
import { dateAndClock, MARKS, statusWord, worst } from './words.ts'

export interface TaskView {
  readonly hosts: HostPlaces
  readonly check: boolean
}

/** Every play, role and task in order; a task that several hosts did is one line, with each of them on it. */
export function playsPart(plays: readonly PlayRecord[], view: TaskView): Markup[] {
  const roles = plays.flatMap((play) => play.roles)
  return plays.map(
    (play) => markup`${play.seam !== undefined && seamPart(play.seam)}<section class="play">
${play.play !== '' && markup`<h2>${play.play} <small>${hostsText(play.hosts)}</small></h2>\n`}${play.roles.map((role) => rolePart(role, roles.indexOf(role), view))}</section>
`,
  )
}

/** Where one journal ends and the next begins. */
function seamPart({ began, resumes: { run, role, hosts, because } }: Seam): Markup {
  return markup`<p class="seam">Resumed ${dateAndClock(began)}, at <b>${role}</b> on ${hostsText(hosts)}${because !== undefined && `, since ${because}`} <small>continues the run ${run}</small></p>
`
}

function rolePart(role: RoleRecord, index: number, view: TaskView): Markup {
  const tasks = taskGroups(role, index, view.hosts)
  return markup`<section class="role" id="${roleId(index)}">
<h3>${role.role} <small>${duration(role.milliseconds)}${role.outcome !== 'done' && markup` · <b class="failed">${role.outcome}</b>`}</small></h3>
${role.summary !== '' && markup`<p class="summary">${role.summary}</p>\n`}${tasks.length === 0 && markup`<p class="summary">No task was begun.</p>\n`}<ol class="tasks">
${tasks.map((group) => taskItem(group, view))}</ol>
${readsPart(role, view)}</section>
`
}

function taskItem({ id, task, on: same }: TaskGroup, view: TaskView): Markup {
  const status = worst(same.map((one) => one.status))
  const shorts = new Set(same.map(inShort).filter((short) => short !== ''))
  const head = markup`<span class="mark ${status}" title="${statusWord(status, view.check)}">${MARKS[status]}</span><span class="name">${task}${shorts.size > 0 && markup` <span class="what">${[...shorts].join(' / ')}</span>`}</span>${chipsPart(same, view.hosts, view.check)}`
  const alike = [...Map.groupBy(same, (one) => JSON.stringify([one.changes, one.error])).values()]
  const entries = alike
    .map((group) => entryPart(group, alike.length > 1, view))
    .filter((part) => part !== null)
  if (entries.length === 0) return markup`<li class="task" id="${id}"><div class="line">${head}</div></li>\n`
  const isOpen = same.some(
    ({ status: one, changes }) => one === 'failed' || hasDiff(changes) || summariesOf(changes).length > 1,
  )
  return markup`<li class="task" id="${id}"><details${isOpen && ' open'}><summary class="line">${head}</summary>
${entries}</details></li>
`
}

function inShort({ reason, error, changes }: TaskRecord): string {
  return reason ?? error?.code ?? changesInShort(changes)
}

/** What hosts have to show that did the same; each one's commands are its own. */
function entryPart(group: readonly TaskRecord[], isNamed: boolean, { hosts }: TaskView): Markup | null {
  const [first] = group
  if (first === undefined) return null
  const names = group.map((task) => task.host)
  const commands = group.flatMap((task) =>
    task.commands.map((command) => commandPart(command, group.length > 1 ? task.host : null)),
  )
  const isTold = summariesOf(first.changes).length <= 1 && !hasDiff(first.changes)
  if (isTold && commands.length === 0 && first.error === undefined) return null
  return markup`<div class="entry" data-hosts="${hosts.numbers(names)}" data-status="${first.status}">
${isNamed && markup`<h4>${names.join(', ')}</h4>\n`}${changesPart(first.changes)}${first.error !== undefined && errorCard(first.error)}${commands}</div>
`
}

function readsPart({ reads }: RoleRecord, { hosts }: TaskView): Markup | null {
  if (reads.length === 0) return null
  const items = reads.map(
    ({ host, command }) =>
      markup`<div data-hosts="${hosts.numbers([host])}">${commandPart(command, host)}</div>\n`,
  )
  return markup`<details class="reads"><summary>${reads.length === 1 ? 'One command' : `${reads.length} commands`} outside of tasks</summary>
${items}</details>
`
}
