import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { endOf, engineProject, errorsIn, playbook, runEnd, taskEnds } from '../support/engine_project.ts'
import { until } from '../support/until.ts'
import { processes } from './connection/lab_host.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 3 })))
afterAll(() => lab?.down())

const on = async (node: string, script: string): Promise<string> =>
  (await lab.exec(node, script)).stdout.trim()

/** A task that leaves a mark. */
const mark = (path: string): string =>
  `{ met: async ({ $ }) => (await $.read({ nothrow: true })\`[ -e ${path} ]\`).exitCode === 0, apply: ({ $ }) => $\`touch ${path}\` }`

const counts = { ok: 0, changed: 0, failed: 0, skipped: 0, unreachable: false }

describe('a node that fails', () => {
  /** server1 fails while the others are in a task. */
  const broken = (name: string): string => `
  async run({ nodes }) {
    const begun = new Set()
    const all = Promise.withResolvers()
    const failed = Promise.withResolvers()
    await nodes.each(async (node) => {
      if (node.name === 'server1') {
        await all.promise
        await node.$\`echo the disk is full >&2; exit 1\`.catch((error) => {
          setImmediate(failed.resolve)
          throw error
        })
      }
      await node.task('first', {
        met: async ({ $ }) => {
          if (begun.add(node.name).size === 2) all.resolve()
          return (await $.read({ nothrow: true })\`[ -e /run/${name}-1 ]\`).exitCode === 0
        },
        apply: async ({ $ }) => {
          await failed.promise
          await $\`touch /run/${name}-1\`
        },
      })
      await node.task('second', ${mark(`/run/${name}-2`)})
    })
    await nodes.each((node) => node.task('third', ${mark(`/run/${name}-3`)}))
  },`
  const after = (name: string): string => `
  async run({ nodes }) {
    await nodes.each((node) => node.task('later', ${mark(`/run/${name}-later`)}))
  },`

  test('ends the role for all: the others finish their task, and begin no other', async () => {
    const site = engineProject(lab, { broken: broken('fatal'), after: after('fatal') })
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(2)
    expect(taskEnds(run.events).toSorted()).toEqual([
      'server1 $ echo the disk is full >&2; exit 1 changed',
      'server1 role failed',
      'server2 first changed',
      'server3 first changed',
    ])
    expect(errorsIn(run.events)).toMatchObject([
      { code: 'COMMAND_FAILED', host: 'server1', seen: 'the disk is full' },
    ])
    expect(runEnd(run.events)).toMatchObject({
      outcome: 'failed',
      exitCode: 2,
      stoppedAt: { role: 'broken', running: [] },
      recap: {
        server1: { ...counts, changed: 1, failed: 1 },
        server2: { ...counts, changed: 1 },
        server3: { ...counts, changed: 1 },
      },
    })
    expect(await on('server2', 'ls /run/fatal-*')).toBe('/run/fatal-1')
  })

  test('has failed, also where the role catches that', async () => {
    const site = engineProject(lab, {
      careless: `
  async run({ nodes }) {
    await nodes.named('server2').each((node) => node.$\`exit 5\`).catch(() => {})
    await nodes.each((node) => node.$\`touch /run/careless\`).catch(() => {})
  },`,
      after: after('careless'),
    })
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(2)
    expect(runEnd(run.events).stoppedAt?.role).toBe('careless')
    expect(await on('server1', 'ls /run/careless* 2>/dev/null')).toBe('')
  })

  test('is left out of all that follows where errors are not fatal', async () => {
    const site = engineProject(lab, { broken: broken('mild'), after: after('mild') })
    const play = { roles: ['broken', 'after'], lines: ['any_errors_fatal: false'] }
    site.write({
      'site.yml':
        playbook(play) + playbook({ name: 'More', roles: ['after'], lines: ['any_errors_fatal: false'] }),
    })
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(2)
    expect(runEnd(run.events)).toMatchObject({
      outcome: 'failed',
      recap: {
        server1: { ...counts, changed: 1, failed: 1 },
        server2: { ...counts, ok: 1, changed: 4 },
        server3: { ...counts, ok: 1, changed: 4 },
      },
    })
    expect(await on('server1', 'ls /run/mild-* 2>/dev/null')).toBe('')

    // A later play that needs all its hosts does not begin.
    site.write({ 'site.yml': playbook(play) + playbook({ name: 'Strict', roles: ['after'] }) })
    const strict = await site.runText()
    expect(strict.exitCode).toBe(2)
    expect(strict.stdout).toContain(
      'server1 failed in an earlier play; nothing was changed in "Strict" [TASK_FAILED]',
    )
  })
})

describe('a task that takes longer than its time', () => {
  test('is ended on the node too, with all that it started', async () => {
    const site = engineProject(lab, {
      slow: `
  async run({ nodes }) {
    await nodes.first.task('long', {
      met: async () => false,
      apply: ({ $ }) => $\`trap '' TERM; sh -c 'sleep 4711; echo never' & sleep 4711\`,
    }, { timeout: 1 })
  },`,
    })
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(2)
    const { error, commands } = endOf(run.events, 'server1', 'long')
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      message: 'not done after 1 s, and ended',
      seen: expect.stringContaining('was running') as string,
    })
    expect(commands).toMatchObject([{ code: null, error: 'INTERRUPTED' }])
    expect(await processes(lab, 'server1', 'sleep 4711')).toEqual([])
  })

  test('is left behind where it waits for what no host can end', async () => {
    const site = engineProject(lab, {
      stuck: `
  async run({ nodes }) {
    await nodes.first.task('stuck', { met: () => new Promise(() => {}), apply: async () => {} }, { timeout: 0.2 })
  },`,
    })
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(2)
    expect(endOf(run.events, 'server1', 'stuck').error).toMatchObject({ code: 'TIMEOUT' })
  })
})

describe('a connection that is lost in a command', () => {
  const site = (seconds: number): string => `
  async run({ nodes }) {
    await nodes.each(async (node) => {
      await node.task('long', { met: async () => false, apply: ({ $ }) => $\`sleep ${seconds}; false\` })
    })
  },`

  test('because the session was killed: the outcome is unknown, and the run ends', async () => {
    const { start } = engineProject(lab, { long: site(8151) })
    const run = start(['--limit', 'server1'])
    await until(async () => (await processes(lab, 'server1', 'sleep 8151')).length > 0)
    await on('server1', 'pkill -f "^sshd: root"')
    const { exitCode, events, output } = await run.ended
    expect(exitCode, output).toBe(4)
    const { error, commands } = endOf(events, 'server1', 'long')
    expect(error).toMatchObject({
      code: 'CONNECTION_LOST',
      message: 'the connection to server1 was lost; whether the command ended, and how, is unknown',
    })
    expect(commands).toMatchObject([{ command: 'sleep 8151; false', code: null, error: 'CONNECTION_LOST' }])
    expect(runEnd(events)).toMatchObject({
      outcome: 'unreachable',
      recap: { server1: { ...counts, failed: 1, unreachable: true } },
      stoppedAt: { role: 'long' },
    })
    await on('server1', 'pkill -f "sleep 8151"')
  })

  test('because the node lost its power', async () => {
    const { start } = engineProject(lab, { long: site(30) })
    const run = start(['--limit', 'server3'])
    await until(async () => (await processes(lab, 'server3', 'sleep 30')).length > 0)
    await lab.powerOff('server3')
    const { exitCode, events, output } = await run.ended
    expect(exitCode, output).toBe(4)
    expect(errorsIn(events)).toMatchObject([{ code: 'CONNECTION_LOST', task: 'long' }])
    expect(runEnd(events)).toMatchObject({ outcome: 'unreachable', exitCode: 4 })
  })
})

/** server3 is off since the test above. */
describe('a host that cannot be reached', () => {
  test('keeps the play from beginning, and nothing is changed on the others', async () => {
    expect(await lab.isOn('server3')).toBe(false)
    // Its address is still known to the bridge, and would not be asked for again for a while.
    await promisify(execFile)('nsenter', [`--net=${lab.netns}`, 'ip', 'neigh', 'flush', 'all'])
    const site = engineProject(lab, {
      mark: `
  async run({ nodes }) {
    await nodes.each((node) => node.task('mark', ${mark('/run/reached')}))
  },`,
    })
    const run = await site.runText()
    expect(run.exitCode, run.stdout + run.stderr).toBe(4)
    expect(run.stdout).toMatch(/✗ server3 {2}\S+inventory.yml:\d+:\d+ .* \[UNREACHABLE\]/)
    expect(run.stdout).toContain('server3 could not be reached; nothing was changed in "The play"')
    expect(taskEnds(site.journal())).toEqual([])
    expect(await on('server1', 'ls /run/reached 2>/dev/null')).toBe('')

    site.write({ 'site.yml': playbook({ roles: ['mark'], lines: ['any_errors_fatal: false'] }) })
    const others = await site.run()
    expect(others.exitCode, others.output).toBe(4)
    expect(others.changed.toSorted()).toEqual(['server1 mark', 'server2 mark'])
    expect(runEnd(others.events)).toMatchObject({
      outcome: 'unreachable',
      recap: { server1: { ...counts, changed: 1 }, server3: { ...counts, unreachable: true } },
    })
  })
})
