import { expect, test } from 'vitest'
import { buildsOf, installOf } from '../../../../scripts/bench/install/phases.ts'
import { installSection } from '../../../../scripts/bench/install/section.ts'
import type { RunEvent, TaskStatus, TimedEvent } from '../../../../src/run/events.ts'

const at = (event: RunEvent): TimedEvent => ({ ...event, time: '2026-01-01T00:00:00.000Z' })
const start = (role: string): TimedEvent => at({ type: 'role_start', role, summary: '', hosts: [] })
const end = (role: string, milliseconds: number): TimedEvent =>
  at({ type: 'role_end', role, outcome: 'done', milliseconds })
const finish = (milliseconds: number): TimedEvent =>
  at({ type: 'run_end', outcome: 'done', exitCode: 0, milliseconds, recap: {} })
const task = (
  role: string,
  host: string,
  name: string,
  milliseconds: number,
  status: TaskStatus = 'changed',
): TimedEvent =>
  at({ type: 'task_end', role, host, task: name, status, changes: [], milliseconds, commands: [] })

const moduleEvents = [
  start('drbd_module'),
  task('drbd_module', 'builder', 'build DRBD 8.4.11 for 6.1.0', 30_000),
  task('drbd_module', 'server1', 'install', 2_000),
  task('drbd_module', 'server2', 'install', 5_000),
  task('drbd_module', 'server2', 'headers', 9_000, 'ok'),
  end('drbd_module', 60_000),
]
const clusterEvents = [
  ...moduleEvents,
  start('hosts_file'),
  task('hosts_file', 'server1', 'a|b', 20),
  end('hosts_file', 1000),
  finish(65_000),
]

test('roles in order, with what changed in them: a task once, as long as on its slowest host', () => {
  expect(installOf(clusterEvents)).toEqual({
    milliseconds: 65_000,
    phases: [
      {
        role: 'drbd_module',
        milliseconds: 60_000,
        tasks: [
          { task: 'build DRBD 8.4.11 for 6.1.0', hosts: ['builder'], milliseconds: 30_000 },
          { task: 'install', hosts: ['server1', 'server2'], milliseconds: 5_000 },
        ],
      },
      {
        role: 'hosts_file',
        milliseconds: 1000,
        tasks: [{ task: 'a|b', hosts: ['server1'], milliseconds: 20 }],
      },
    ],
  })
})

test('a build on each of two hosts counts twice', () => {
  expect(buildsOf(installOf(moduleEvents))).toEqual({ count: 1, milliseconds: 30_000 })
  const twice = moduleEvents.toSpliced(
    2,
    0,
    task('drbd_module', 'server1', 'build DRBD 8.4.11 for 6.1.0', 70_000),
  )
  expect(buildsOf(installOf(twice))).toMatchObject({ count: 2 })
})

test('the section tells shares, the long tasks, and what one node and two cost', () => {
  const section = installSection(
    { oneNode: installOf(moduleEvents), twoNodes: installOf(clusterEvents) },
    { processor: '2 × some' },
    '2026-01-01',
  )
  expect(section.split('\n').filter((line) => /^##|^\| [^-]/.test(line))).toMatchInlineSnapshot(`
    [
      "## A first install",
      "| role | took | share | its longest tasks; where they ran on both nodes, the slower one |",
      "| [drbd_module](roles/drbd_module/README.md) | 60.0 s | 92 % | build DRBD 8.4.11 for 6.1.0: 30.0 s; install: 5.00 s |",
      "| [hosts_file](roles/hosts_file/README.md) | 1.00 s | 2 % |  |",
      "| connecting, and looking at the disks before a play | 4.00 s | 6 % |  |",
      "| all | 65.0 s | 100 % |  |",
      "|  | one node | two nodes |",
      "| builds | 1 | 1 |",
      "| on the builder | 30.0 s | 30.0 s |",
      "| all of \`drbd_module\` | 60.0 s | 60.0 s |",
    ]
  `)
})
