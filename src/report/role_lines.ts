import type { Change } from '../operations/operation.ts'
import type { RunEvent } from '../run/events.ts'
import { unifiedDiff } from './diff.ts'
import { duration, indent } from './style.ts'
import type { Paint } from './style.ts'

type TaskEnd = Extract<RunEvent, { type: 'task_end' }>

/** Tasks that did the same on several hosts are one line; it is said when the last host of the role has done it. */
export interface RoleLines {
  /** Lines that are complete with this event. */
  add(event: TaskEnd): string[]
  /** What is left at the end of the role. */
  rest(): string[]
}

export function createRoleLines(
  hosts: readonly string[],
  options: { paint: Paint; diffs: boolean; check: boolean },
): RoleLines {
  const byTask = new Map<string, { seen: number; changed: TaskEnd[] }>()

  function lines(changed: readonly TaskEnd[]): string[] {
    const inOrder = changed.toSorted((a, b) => hosts.indexOf(a.host) - hosts.indexOf(b.host))
    const groups = Map.groupBy(inOrder, (event) => JSON.stringify(event.changes))
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
    rest: () => [...byTask.values()].flatMap((group) => lines(group.changed)),
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
  const summary = first.changes.map((change) => change.summary).join(', ')
  const took = !check && time >= 1000 ? paint('dim', `  ${duration(time)}`) : ''
  const line = `  ${paint('yellow', '~')} ${hosts}  ${first.task}${summary === '' ? '' : `: ${summary}`}${took}`
  return [line, ...(diffs ? diffLines(first.changes, paint) : [])]
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
