import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject, runEnd, taskEnds } from '../support/engine_project.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

const file = (path: string): string => `{
    met: async ({ $ }) => (await $.read({ nothrow: true })\`[ -e ${path} ]\`).exitCode === 0,
    apply: ({ $ }) => $\`touch ${path}\`,
  }`
const noFile = (path: string): string => `{
    met: async ({ $ }) => (await $.read({ nothrow: true })\`[ ! -e ${path} ]\`).exitCode === 0,
    apply: ({ $ }) => $\`rm ${path}\`,
  }`

/** Puts something up on server1 that must not stay, then does something else. */
const site = (then: string) =>
  engineProject(lab, {
    passing: `
  async run({ nodes, atEnd }) {
    atEnd(({ nodes }) => nodes.first.task('first in, last out', ${file('/run/out')}))
    atEnd(({ nodes }) => nodes.first.task('down', ${noFile('/run/up')}))
    await nodes.first.task('up', ${file('/run/up')})
    ${then}
  },`,
  })
const left = async (): Promise<string> => {
  const { stdout } = await lab.exec('server1', 'ls /run/up /run/out 2>/dev/null; rm -f /run/out')
  return stdout.trim()
}

test('what a role wants done at its end is done after it, the last one first', async () => {
  const run = await site('').run()
  expect(run.exitCode, run.output).toBe(0)
  expect(taskEnds(run.events)).toEqual([
    'server1 up changed',
    'server1 down changed',
    'server1 first in, last out changed',
  ])
  expect(await left()).toBe('/run/out')
})

test('also where the role fails', async () => {
  const run = await site(`await nodes.named('server2').first.$\`exit 3\``).run()
  expect(run.exitCode, run.output).toBe(2)
  expect(await left()).toBe('/run/out')
})

test('also where the operator interrupts it', async () => {
  const started = site(`await nodes.first.$\`sleep 300\``).start()
  await started.seen((event) => event.type === 'task_start' && event.task.includes('sleep'))
  process.kill(started.pid, 'SIGINT')
  const run = await started.ended
  expect(run.exitCode, run.output).toBe(130)
  expect(runEnd(run.events).outcome).toBe('interrupted')
  expect(await left()).toBe('/run/out')
})

test('its failure is one of the run, and keeps no other from being done', async () => {
  const run = await site(`atEnd(() => Promise.reject(new Error('no way back')))`).run()
  expect(run.exitCode, run.output).not.toBe(0)
  expect(JSON.stringify(run.events)).toContain('no way back')
  expect(await left()).toBe('/run/out')
})
