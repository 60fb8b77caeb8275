import type { Counted, RunRecord } from '../run_record.ts'
import { duration } from '../style.ts'
import { busy } from './busy.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'
import { statusWord } from './words.ts'

const COLUMNS: readonly Counted[] = ['ok', 'changed', 'failed', 'skipped']

/** A row for each host: how many tasks ended how, and how long it was at work. */
export function recapPart({ recap, plays, start }: RunRecord): Markup | null {
  const names = Object.keys(recap)
  if (names.length === 0) return null
  const tasks = plays.flatMap((play) => play.roles).flatMap((role) => role.tasks)
  const check = start?.check === true
  const rows = names.map((name) => {
    const host = recap[name]
    const time = busy(tasks.filter((task) => task.host === name))
    return markup`<tr><th scope="row">${name}${host?.unreachable === true && markup` <span class="badge bad">unreachable</span>`}</th>${COLUMNS.map((column) => count(column, host?.[column] ?? 0))}<td class="time">${time > 0 && duration(time)}</td></tr>\n`
  })
  return markup`<section><h2>Recap</h2>
<div class="wide"><table class="recap">
<thead><tr><th scope="col">Host</th>${COLUMNS.map((column) => markup`<th scope="col">${statusWord(column, check)}</th>`)}<th scope="col">at work</th></tr></thead>
<tbody>
${rows}</tbody></table></div></section>
`
}

const count = (column: Counted, number: number): Markup =>
  markup`<td class="${number === 0 ? 'none' : column}">${number}</td>`
