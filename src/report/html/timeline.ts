import type { RoleRecord, RunRecord, TaskRecord } from '../run_record.ts'
import { duration } from '../style.ts'
import type { HostPlaces } from './hosts.ts'
import { longestPart } from './longest.ts'
import { roleId, taskGroups } from './task_groups.ts'
import { busy } from './busy.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

/** Steps of the axis, in seconds: round ones in the way of clocks. */
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400]
const MOST_TICKS = 6

/**
 * Roles from top to bottom, a lane in each for each of its hosts, time from left to right: what took the time is the
 * long bar, who waited for whom is the empty lane.
 */
export function timelinePart(run: RunRecord, hosts: HostPlaces): Markup | null {
  const roles = run.plays.flatMap((play) => play.roles)
  const total = Math.max(1, run.milliseconds, ...roles.map((role) => role.begin + role.milliseconds))
  if (roles.length === 0) return null
  const step = stepOf(total)
  const at = (milliseconds: number): string => ((milliseconds / total) * 100).toFixed(3)
  const ticks = Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step)
  const connecting = (run.start?.hosts ?? []).flatMap((host) => {
    const took = run.connected.get(host)
    return took === undefined ? [] : [lane(host, took, [bar('connect', 0, took, 'connecting', at)])]
  })
  return markup`<section><h2>Where the time went</h2>
<div class="timeline" style="--step:${at(step)}%">
<div class="lane axis" aria-hidden="true"><span></span><span class="track">${ticks.map((tick) => markup`<i style="left:${at(tick)}%">${tickText(tick)}</i>`)}</span><span></span></div>
${connecting.length > 0 && markup`<div class="row"><p><b>connect</b> <small>${duration(Math.max(...run.connected.values()))}</small></p>${connecting}</div>\n`}${roles.map((role, index) => rolePart(role, index, hosts, at))}</div>
${longestPart(run, hosts)}</section>
`
}

function rolePart(
  role: RoleRecord,
  index: number,
  places: HostPlaces,
  at: (milliseconds: number) => string,
): Markup {
  const groups = taskGroups(role, index, places)
  const span = bar('span', role.begin, role.milliseconds, '', at)
  const lanes = role.hosts.map((host) => {
    const bars = groups.flatMap(({ id, on }) =>
      on.filter((task) => task.host === host).map((task) => taskBar(task, id, at)),
    )
    return lane(host, busy(role.tasks.filter((task) => task.host === host)), [span, ...bars])
  })
  return markup`<div class="row"><p><a href="#${roleId(index)}"><b>${role.role}</b></a> <small>${duration(role.milliseconds)}${role.outcome !== 'done' && ` · ${role.outcome}`}</small></p>${lanes}</div>
`
}

function lane(host: string, milliseconds: number, bars: readonly Markup[]): Markup {
  const time = milliseconds < 100 ? '' : duration(milliseconds)
  return markup`<div class="lane"><span class="host" title="${host}">${host}</span><span class="track">${bars}</span><span class="time">${time}</span></div>`
}

function taskBar(task: TaskRecord, id: string, at: (milliseconds: number) => string): Markup {
  const title = `${task.task}: ${task.status}, ${duration(task.milliseconds)}`
  return markup`<a href="#${id}" tabindex="-1">${bar(task.status, task.begin, task.milliseconds, title, at)}</a>`
}

function bar(
  look: string,
  begin: number,
  milliseconds: number,
  title: string,
  at: (milliseconds: number) => string,
): Markup {
  return markup`<i class="${look}" style="left:${at(begin)}%;width:${at(milliseconds)}%"${title !== '' && markup` title="${title}"`}></i>`
}

function stepOf(total: number): number {
  const seconds = STEPS.find((step) => total / 1000 / step <= MOST_TICKS) ?? total / 1000
  return seconds * 1000
}

function tickText(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds === 0) return '0'
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`
  const rest = Math.round(seconds % 60)
  return rest === 0
    ? `${Math.floor(seconds / 60)} min`
    : `${Math.floor(seconds / 60)}:${String(rest).padStart(2, '0')}`
}
