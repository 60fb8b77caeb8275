import { execFileSync } from 'node:child_process'
import { existsSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { endOf, engineProject, runEnd, taskEnds } from '../support/engine_project.ts'
import { until } from '../support/until.ts'
import { processes } from './connection/lab_host.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

const on = async (node: string, script: string): Promise<string> =>
  (await lab.exec(node, script)).stdout.trim()

const running = async (command: string): Promise<number> => {
  const both = await Promise.all(lab.nodes.map(({ name }) => processes(lab, name, command)))
  return both.filter((found) => found.length > 0).length
}

const temporaryFiles = async (): Promise<string> =>
  (await Promise.all(lab.nodes.map(({ name }) => on(name, 'find / -xdev -name ".bringup-*"')))).join('')

/** A Node of this machine that is too old for bringup, which then starts another. */
function olderNode(): string | null {
  const folders = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'node'))
  const isOlder = (file: string): boolean =>
    existsSync(file) &&
    Number(/^v(\d+)/.exec(execFileSync(file, ['--version'], { encoding: 'utf8' }))?.[1]) < 24
  return folders.find(isOlder) ?? null
}

/** A command that takes no notice of SIGTERM, with a child that does not either. */
const long = (seconds: number): string => `
  async run({ nodes }) {
    await nodes.each(async (node) => {
      await node.file({ path: '/etc/interrupted', content: 'before\\n' })
      await node.task('long', {
        met: async () => false,
        apply: ({ $ }) => $\`trap '' TERM; (sleep ${seconds}; echo never) & sleep ${seconds}\`,
      })
      await node.file({ path: '/etc/never', content: 'never\\n' })
    })
  },`

describe('Ctrl-C in the middle of a command', () => {
  test('ends it on the nodes, says where the run was, and leaves nothing behind', async () => {
    const site = engineProject(lab, { long: long(6101) })
    const run = site.start([], { ownGroup: true })
    await until(async () => (await running('sleep 6101')) === 2)
    // As a terminal does: to every process of the group, the way into the lab among them.
    process.kill(-run.pid, 'SIGINT')
    const { exitCode, events, stderr } = await run.ended
    expect(exitCode, stderr).toBe(130)
    expect(stderr).toContain('Ctrl-C: stopping cleanly; once more to leave at once')
    expect(await running('sleep 6101')).toBe(0)
    expect(await temporaryFiles()).toBe('')

    expect(runEnd(events)).toMatchObject({
      outcome: 'interrupted',
      exitCode: 130,
      error: { code: 'INTERRUPTED', remedy: 'Run it again: what is done already is seen, and kept.' },
    })
    const { stoppedAt } = runEnd(events)
    expect(stoppedAt?.role).toBe('long')
    expect(stoppedAt?.running.toSorted((a, b) => a.host.localeCompare(b.host))).toEqual([
      { host: 'server1', task: 'long' },
      { host: 'server2', task: 'long' },
    ])
    expect(endOf(events, 'server2', 'long')).toMatchObject({
      status: 'interrupted',
      commands: [{ code: null, error: 'INTERRUPTED', command: expect.stringContaining('6101') as string }],
    })
    expect(site.journal()).toEqual(events)
    expect(await on('server1', 'cat /etc/interrupted; ls /etc/never 2>/dev/null')).toBe('before')
  })

  test.each(['SIGTERM', 'SIGHUP'] as const)('%s does the same', async (signal) => {
    const site = engineProject(lab, {
      loose: `
  async run({ nodes }) {
    await nodes.each((node) => node.$\`sleep 6102\`)
  },`,
    })
    const run = site.start()
    await until(async () => (await running('sleep 6102')) === 2)
    process.kill(run.pid, signal)
    const { exitCode, events, stderr } = await run.ended
    expect(exitCode, stderr).toBe(130)
    expect(stderr).toContain(`${signal}: stopping cleanly`)
    expect(await running('sleep 6102')).toBe(0)
    expect(runEnd(events).stoppedAt?.running).toContainEqual({ host: 'server1', task: '$ sleep 6102' })
  })

  test.skipIf(olderNode() === null)(
    `in the process that an older Node starts: killing that ends the run as well${olderNode() === null ? ' (no older Node here)' : ''}`,
    async () => {
      const site = engineProject(lab, { long: long(6109) })
      const run = site.start([], { node: olderNode() ?? '' })
      await until(async () => (await running('sleep 6109')) === 2)
      process.kill(run.pid, 'SIGKILL')
      await until(async () => (await running('sleep 6109')) === 0)
      await until(async () => site.journal().at(-1)?.type === 'run_end')
      expect(runEnd(site.journal()).outcome).toBe('interrupted')
    },
  )

  test('twice leaves at once', async () => {
    const site = engineProject(lab, { long: long(6103) })
    const run = site.start()
    await until(async () => (await running('sleep 6103')) === 2)
    process.kill(run.pid, 'SIGINT')
    await run.said('stopping cleanly')
    // What comes within a moment counts as the same Ctrl-C; so this one goes on until it is taken for another.
    const again = setInterval(() => process.kill(run.pid, 'SIGINT'), 20)
    const { exitCode, events } = await run.ended.finally(() => clearInterval(again))
    expect(exitCode).toBe(130)
    expect(events.filter((event) => event.type === 'run_end')).toEqual([])
    for (const { name } of lab.nodes) await on(name, 'pkill -KILL -f "sleep 6103"')
  })

  test('tells people where it was', async () => {
    const site = engineProject(lab, { long: long(6104) })
    const run = site.start(['--limit', 'server1'], { output: 'text' })
    await until(async () => (await running('sleep 6104')) === 1)
    process.kill(run.pid, 'SIGINT')
    const { stdout } = await run.ended
    expect(stdout).toMatch(/^stopped in long, in server1: long\ninterrupted in .*journal.jsonl$/m)
    expect(stdout).not.toContain('✗')
  })
})

describe('Ctrl-C elsewhere', () => {
  test('in an upload: the part that came does not stay', async () => {
    const site = engineProject(lab, {
      big: `
  async run({ nodes }) {
    await nodes.first.file({ path: '/srv/big', source: 'big' })
  },`,
    })
    const big = join(site.directory, 'roles/big/big')
    writeFileSync(big, '')
    truncateSync(big, 768 * 1024 ** 2)
    const run = site.start()
    await until(async () => (await on('server1', 'find /srv -name ".bringup-*" -size +1M')) !== '')
    process.kill(run.pid, 'SIGINT')
    const { exitCode, events, output } = await run.ended
    expect(exitCode, output).toBe(130)
    expect(taskEnds(events)).toEqual(['server1 file /srv/big interrupted'])
    expect(await on('server1', 'ls -A /srv')).toBe('')
  })

  test('in a download that the host does itself: neither does this', async () => {
    // A curl that is slow, to be met in the middle.
    await on(
      'server1',
      `printf '#!/bin/sh\\nwhile [ "$1" != -o ]; do shift; done\\necho part >"$2"; sleep 6105\\n' >/usr/local/bin/curl; chmod +x /usr/local/bin/curl`,
    )
    const site = engineProject(lab, {
      fetch: `
  async run({ nodes }) {
    await nodes.first.download({ path: '/opt/tool', urls: ['http://server2/tool'], sha256: '0'.repeat(64), via: 'node' })
  },`,
    })
    const run = site.start()
    await until(async () => (await running('sleep 6105')) === 1)
    process.kill(run.pid, 'SIGINT')
    const { exitCode, output } = await run.ended
    expect(exitCode, output).toBe(130)
    expect(await running('sleep 6105')).toBe(0)
    expect(await on('server1', 'ls -A /opt')).toBe('')
  })

  test('in a role that takes no notice of it: the run ends anyway', async () => {
    const site = engineProject(lab, {
      deaf: `
  async run({ nodes, warn }) {
    setInterval(() => warn('still here'), 50)
    warn('deaf now')
    await new Promise(() => {})
  },`,
      task: `
  async run({ nodes }) {},`,
    })
    const run = site.start()
    await run.seen((event) => event.type === 'warning')
    process.kill(run.pid, 'SIGINT')
    const { exitCode, events, stderr } = await run.ended
    expect(exitCode, stderr).toBe(130)
    expect(runEnd(events)).toMatchObject({ outcome: 'interrupted', stoppedAt: { role: 'deaf', running: [] } })
    expect(site.journal()).toEqual(events)
  })

  test('in a task whose apply takes no notice of it, too', async () => {
    const site = engineProject(lab, {
      deaf: `
  async run({ nodes }) {
    await nodes.each((node) => node.task('deaf', { met: async () => false, apply: () => new Promise(() => {}) }))
  },`,
    })
    const run = site.start()
    await run.seen((event) => event.type === 'task_start' && event.host === 'server2')
    process.kill(run.pid, 'SIGINT')
    const { exitCode, events, stderr } = await run.ended
    expect(exitCode, stderr).toBe(130)
    expect(taskEnds(events).toSorted()).toEqual(['server1 deaf interrupted', 'server2 deaf interrupted'])
  })

  test('while a host does not answer yet', async () => {
    await lab.pause('server2')
    try {
      const site = engineProject(lab, { long: long(1) })
      const run = site.start()
      await run.seen((event) => event.type === 'connected' && event.host === 'server1')
      process.kill(run.pid, 'SIGINT')
      const { exitCode, events, stderr } = await run.ended
      expect(exitCode, stderr).toBe(130)
      expect(runEnd(events).outcome).toBe('interrupted')
      expect(taskEnds(events)).toEqual([])
    } finally {
      await lab.resume('server2')
    }
  })
})
