import type { RunRecord } from '../run_record.ts'
import { duration } from '../style.ts'
import type { HostPlaces } from './hosts.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'
import { taskGroups } from './task_groups.ts'

const MOST = 5
/** What takes less is not what one waits for. */
const LEAST = { milliseconds: 500, share: 0.02 }

/** The tasks that took longest, each with the host that was slowest. */
export function longestPart({ plays, milliseconds }: RunRecord, hosts: HostPlaces): Markup | null {
  const least = Math.max(LEAST.milliseconds, milliseconds * LEAST.share)
  const tasks = plays
    .flatMap((play) => play.roles)
    .flatMap((role, index) =>
      taskGroups(role, index, hosts).map(({ id, task, on }) => {
        const slowest = on.reduce((a, b) => (b.milliseconds > a.milliseconds ? b : a))
        return { id, task, role: role.role, host: slowest.host, milliseconds: slowest.milliseconds }
      }),
    )
    .filter((task) => task.milliseconds >= least)
    .toSorted((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, MOST)
  if (tasks.length < 2) return null
  return markup`<ol class="longest">
${tasks.map((task) => markup`<li><span class="time">${duration(task.milliseconds)}</span><span><a href="#${task.id}">${task.task}</a> <small>${task.role} · ${task.host}</small></span></li>\n`)}</ol>
`
}
