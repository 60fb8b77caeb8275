import { expect, test } from 'vitest'
import { hostPlaces } from '../../../../src/report/html/hosts.ts'
import { taskGroups } from '../../../../src/report/html/task_groups.ts'
import type { RoleRecord } from '../../../../src/report/run_record.ts'

test('a task on several hosts is one group, done again it is another, in the order of their beginnings', () => {
  const task = (host: string, name: string, begin: number) =>
    ({ host, task: name, begin, status: 'ok', milliseconds: 1, changes: [], commands: [] }) as const
  const role: RoleRecord = {
    role: 'r',
    summary: '',
    hosts: ['b', 'a'],
    begin: 0,
    milliseconds: 9,
    outcome: 'done',
    reads: [],
    // As they ended.
    tasks: [
      task('a', 'wait', 2),
      task('b', 'wait', 1),
      task('a', 'move', 3),
      task('a', 'wait', 4),
      task('b', 'look', 0),
    ],
  }
  const groups = taskGroups(role, 2, hostPlaces(['b', 'a']))
  expect(groups.map(({ id, task: name, on }) => [id, name, on.map((one) => one.host)])).toEqual([
    ['role2-0', 'look', ['b']],
    ['role2-1', 'wait', ['b', 'a']],
    ['role2-2', 'move', ['a']],
    ['role2-3', 'wait', ['a']],
  ])
})
