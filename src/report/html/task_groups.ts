import type { RoleRecord, TaskRecord } from '../run_record.ts'
import type { HostPlaces } from './hosts.ts'

/** A task as a line of the page: the same on all hosts that did it, in the order of hosts. */
export interface TaskGroup {
  /** Its place on the page. */
  readonly id: string
  readonly task: string
  readonly on: readonly TaskRecord[]
}

/** The tasks of a role in the order in which they were first begun. */
export function taskGroups(role: RoleRecord, index: number, { compare }: HostPlaces): TaskGroup[] {
  const byHost = (a: TaskRecord, b: TaskRecord): number => compare(a.host, b.host)
  const inOrder = role.tasks.toSorted((a, b) => a.begin - b.begin || byHost(a, b))
  const groups = Map.groupBy(inOrder, (task) => task.task)
  return [...groups].map(([task, on], place) => ({
    id: `${roleId(index)}-${place}`,
    task,
    on: on.toSorted(byHost),
  }))
}

export const roleId = (index: number): string => `role${index}`
