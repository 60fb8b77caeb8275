import type { RoleRecord, TaskRecord } from '../run_record.ts'
import type { HostPlaces } from './hosts.ts'

/** A task as a line of the page: the same on all hosts that did it, in the order of hosts. */
export interface TaskGroup {
  /** Its place on the page. */
  readonly id: string
  readonly task: string
  readonly on: readonly TaskRecord[]
}

/**
 * The tasks of a role in the order in which they were first begun. What a host does for the second time goes with what
 * others do for the second time.
 */
export function taskGroups(role: RoleRecord, index: number, { compare }: HostPlaces): TaskGroup[] {
  const byHost = (a: TaskRecord, b: TaskRecord): number => compare(a.host, b.host)
  const inOrder = role.tasks.toSorted((a, b) => a.begin - b.begin || byHost(a, b))
  const times = new Map<string, number>()
  const groups = Map.groupBy(inOrder, ({ host, task }) => {
    const key = JSON.stringify([host, task])
    const time = (times.get(key) ?? 0) + 1
    times.set(key, time)
    return JSON.stringify([task, time])
  })
  return [...groups.values()].map((on, place) => ({
    id: `${roleId(index)}-${place}`,
    task: on[0]?.task ?? '',
    on: on.toSorted(byHost),
  }))
}

export const roleId = (index: number): string => `role${index}`
