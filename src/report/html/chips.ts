import type { TaskRecord } from '../run_record.ts'
import { duration } from '../style.ts'
import type { HostPlaces } from './hosts.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'
import { STATUSES, statusWord } from './words.ts'

/** Up to this many hosts have a column each, in which they are found on every line. */
const MOST_COLUMNS = 3

/** More hosts than this would fill the page: each is a dot, and it is said how many there are of which kind. */
const MOST_NAMES = 6

/** The hosts of a task with how it ended on each. */
export function chipsPart(tasks: readonly TaskRecord[], hosts: HostPlaces, check: boolean): Markup {
  const chips = tasks.map((task) => chip(task, hosts, check))
  if (hosts.count <= MOST_COLUMNS)
    return markup`<span class="on columns" style="--hosts:${hosts.count}">${chips}</span>`
  if (hosts.count <= MOST_NAMES) return markup`<span class="on">${chips}</span>`
  const sums = STATUSES.map(
    (status) => [status, tasks.filter((task) => task.status === status).length] as const,
  )
  const words = sums
    .filter(([, sum]) => sum > 0)
    .map(([status, sum]) => `${sum} ${statusWord(status, check)}`)
  return markup`<span class="on dots"><small>${words.join(', ')}</small>${chips}</span>`
}

function chip(task: TaskRecord, hosts: HostPlaces, check: boolean): Markup {
  const numbers = hosts.numbers([task.host])
  const isOne = hosts.count <= MOST_COLUMNS && !numbers.includes(' ')
  const column = isOne && markup` style="grid-column:${Number(numbers) + 1}"`
  const time = task.milliseconds < 100 ? '' : duration(task.milliseconds)
  const word = statusWord(task.status, check)
  return markup`<span class="chip ${task.status}"${column} title="${task.host}: ${word}, ${duration(task.milliseconds)}" data-hosts="${numbers}" data-status="${task.status}"><b>${task.host}</b> ${word} <small>${time}</small></span>`
}
