import type { Change } from '../operations/operation.ts'
import type { RunEvent } from '../run/events.ts'
import { unifiedDiff } from './diff.ts'
import { duration, indent } from './style.ts'
import type { Paint } from './style.ts'

/** How much fits behind a task's name, in characters. */
const ONE_LINE = 60

type TaskEnd = Extract<RunEvent, { type: 'task_end' }>

/** Tasks that did the same on several hosts are one line; it is said when the last host of the role has done it. */
export interface RoleLines {
  /** Lines that are complete with this event. */
  add(event: TaskEnd): string[]
  /** What is left, when nothing of it can be joined any more: at the end of the role, or when all hosts are idle. */
  rest(): string[]
}

export function createRoleLines(
  hosts: readonly string[],
  options: { paint: Paint; diffs: boolean; check: boolean },
): RoleLines {
  const byTask = new Map<string, { seen: number; changed: TaskEnd[] }>()

  function lines(changed: readonly TaskEnd[]): string[] {
    const inOrder = changed.toSorted((a, b) => hosts.indexOf(a.host) - hosts.indexOf(b.host))
    const groups = Map.groupBy(inOrder, ({ task, changes }) =>
      JSON.stringify([task, options.diffs ? changes : changes.map(({ summary }) => summary)]),
    )
    return [...groups.values()].flatMap((same) => taskLines(same, options))
  }

  return {
    add: (event) => {
      const group = byTask.get(event.task) ?? { seen: 0, changed: [] }
      byTask.set(event.task, group)
      group.seen += 1
      if (event.status === 'changed') group.changed.push(event)
      if (group.seen < hosts.length) return []
      byTask.delete(event.task)
      return lines(group.changed)
    },
    rest: () => {
      const left = [...byTask.values()].flatMap((group) => lines(group.changed))
      byTask.clear()
      return left
    },
  }
}

function taskLines(
  same: readonly TaskEnd[],
  { paint, diffs, check }: { paint: Paint; diffs: boolean; check: boolean },
): string[] {
  const [first] = same
  if (first === undefined) return []
  const hosts = same.map((event) => event.host).join(' ')
  const time = Math.max(...same.map((event) => event.milliseconds))
  const took = !check && time >= 1000 ? paint('dim', `  ${duration(time)}`) : ''
  const head = `  ${paint('yellow', '~')} ${hosts}  ${first.task}`
  return [...summaryLines(head, first.changes, took), ...(diffs ? diffLines(first.changes, paint) : [])]
}

/** On the task's own line where they fit on it, else each on a line of its own. */
function summaryLines(head: string, changes: readonly Change[], took: string): string[] {
  const summaries = changes.map((change) => change.summary).filter((summary) => summary !== '')
  const line = summaries.join(', ')
  if (summaries.length === 0) return [head + took]
  if (summaries.length === 1 || line.length <= ONE_LINE) return [`${head}: ${line}${took}`]
  return [head + took, ...summaries.map((summary) => `      ${summary}`)]
}

function diffLines(changes: readonly Change[], paint: Paint): string[] {
  return changes
    .map(unifiedDiff)
    .filter((diff) => diff !== null)
    .map((diff) =>
      indent(
        diff
          .split('\n')
          .map((line) => paintDiffLine(line, paint))
          .join('\n'),
        6,
      ),
    )
}

function paintDiffLine(line: string, paint: Paint): string {
  if (line.startsWith('+++') || line.startsWith('---')) return paint('bold', line)
  if (line.startsWith('+')) return paint('green', line)
  if (line.startsWith('-')) return paint('red', line)
  if (line.startsWith('@@')) return paint('cyan', line)
  return line
}
