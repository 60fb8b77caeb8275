import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { storyOf } from '../../src/run/story.ts'
import { runRecord } from '../../src/report/run_record.ts'
import { engineProject, playbook, roleSource, runEnd, taskEnds } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

const on = async (node: string, script: string): Promise<string> =>
  (await lab.exec(node, script)).stdout.trim()

/** A role that leaves a mark on each node. */
const marks = (path: string): string => `
  async run({ nodes }) {
    await nodes.each((node) => node.task('mark', {
      met: async ({ $ }) => (await $.read({ nothrow: true })\`[ -e ${path} ]\`).exitCode === 0,
      apply: ({ $ }) => $\`touch ${path}\`,
    }))
  },`
/** One that fails on server2 until it is mended there; its handler is due by then. */
const failsUntil = (path: string): string => `
  handlers: { restart: (node) => node.$\`echo restarted >> ${path}-handled\` },
  async run({ nodes }) {
    await nodes.each((node) => node.file({ path: '${path}-file', content: 'x', mode: '0644' }, { notify: 'restart' }))
    await nodes.each((node) => node.task('mended', {
      met: async ({ $ }) => node.name === 'server1' || (await $.read({ nothrow: true })\`[ -e ${path}-mended ]\`).exitCode === 0,
      apply: () => { throw new Error('not mended yet') },
    }))
  },`

const rolesOf = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'role_start' ? [`${event.role} ${event.hosts.join(' ')}`] : []))

const three = (name: string): EngineProject =>
  engineProject(lab, {
    base: marks(`/run/${name}-base`),
    web: failsUntil(`/run/${name}`),
    last: marks(`/run/${name}-last`),
  })

const idOf = (site: EngineProject): string => site.journals().at(-1)?.split('/').at(-2) ?? ''

describe('a run that failed at the second of three roles', () => {
  test('goes on there once it is mended; its recap counts both, and the report tells both', async () => {
    const site = three('mended')
    const failed = await site.run()
    expect(failed.exitCode, failed.output).toBe(2)
    const first = idOf(site)
    // Still broken: it fails at the same place, and can be resumed again.
    const again = await site.run('--resume')
    expect(again.exitCode, again.output).toBe(2)
    expect(again.events[0]).toMatchObject({ resumes: { run: first, step: 1, role: 'web' } })
    expect(rolesOf(again.events)).toEqual(['web server1 server2'])
    expect(runEnd(again.events).recap).toMatchObject({ server2: { changed: 2, failed: 1 } })
    const second = idOf(site)

    await on('server2', 'touch /run/mended-mended')
    const check = await site.run('--resume', '--check')
    expect(check.exitCode, check.output).toBe(0)
    expect(rolesOf(check.events)).toEqual(['web server1 server2', 'last server1 server2'])
    expect(runEnd(check.events).recap['server1']).toEqual({
      ok: 2,
      changed: 1,
      failed: 0,
      skipped: 0,
      unreachable: false,
    })
    expect(await on('server1', 'ls /run/mended-last 2>/dev/null || true')).toBe('')

    const run = await site.run('--resume')
    expect(run.exitCode, run.output).toBe(0)
    expect(run.events[0]).toMatchObject({ resumes: { run: second, step: 1 } })
    expect(rolesOf(run.events)).toEqual(['web server1 server2', 'last server1 server2'])
    // The base's mark and the file of the first run, the last's mark, and what the handler ran: all of the story.
    for (const host of ['server1', 'server2'])
      expect(runEnd(run.events).recap[host]).toMatchObject({ changed: 4, failed: 0 })
    expect(await on('server1', 'cat /run/mended-handled')).toBe('restarted')

    const story = runRecord(storyOf(`${site.directory}/.bringup/runs`, idOf(site)))
    expect(
      story.plays.flatMap((play) => play.roles.map(({ role, outcome }) => `${role} ${outcome}`)),
    ).toEqual(['base done', 'web failed', 'web failed', 'web done', 'last done'])
    expect(story.seams.map(({ resumes }) => resumes.run)).toEqual([first, second])
    const error = { message: 'not mended yet', host: 'server2' }
    expect([story.earlierErrors, story.errors]).toMatchObject([[error, error], []])
    expect(story.handlers.map(({ done }) => done !== undefined)).toEqual([true, true])

    // And now there is nothing more to resume.
    const done = await site.runText('--resume')
    expect(done.exitCode).toBe(1)
    expect(done.stderr).toContain('the last run of site.yml on')
    expect(done.stderr).toContain('is done: nothing to resume [USAGE]')
    expect(done.stdout).toBe('')
  })

  test('says how to go on, with the command as it is typed', async () => {
    const site = three('told')
    const { exitCode, stdout } = await site.runText('--limit', 'server2,server1', '--start-at', 'web')
    expect(exitCode).toBe(2)
    // The tests themselves may have been started with npx.
    const [, command = ''] = /go on from there:\n {2}(?:npx )?(.*)\n$/.exec(stdout) ?? []
    expect(command).toBe(`bringup run site.yml -i ${lab.inventory} --limit server2,server1 --resume`)
    await on('server2', 'touch /run/told-mended')
    // Where it was started is taken from the run that is resumed.
    const run = await site.runText(...command.split(' ').slice(5))
    expect(run.exitCode, run.output).toBe(0)
    expect(run.stdout).toMatch(/\nresumes \S+Z at web on server1 server2: nothing was done there\n/)
    expect(run.stdout).not.toContain('base')
    expect(run.stdout).not.toContain('go on')
  })

  test('begins earlier where the vars of a role that is done have changed, and is refused when it is another', async () => {
    const site = three('changed')
    site.write({
      'roles/base/role.ts': roleSource(
        'base',
        `vars: z.strictObject({ base_path: z.string().default('/run/changed-base') }),
  async run({ nodes, vars }) {
    await nodes.each((node) => node.file({ path: vars.base_path, content: '', mode: '0644' }))
  },`,
      ),
    })
    expect((await site.run()).exitCode).toBe(2)
    const started = site.journals().length
    for (const [args, expected, seen] of [
      [['--limit', 'server1'], 'expected server1, server2', 'seen server1'],
      [['--start-at', 'web'], '--resume and --start-at', 'USAGE'],
    ] as const) {
      const refused = await site.runText('--resume', ...args)
      expect(refused.exitCode, refused.output).toBe(1)
      expect(refused.stderr.replace(/ +/g, ' ')).toContain(expected)
      expect(refused.stderr.replace(/ +/g, ' ')).toContain(seen)
    }
    site.write({ 'site.yml': playbook({ roles: ['base', 'last'] }) })
    expect((await site.runText('--resume')).stderr).toContain('the roles of the play "The play"')
    expect(site.journals()).toHaveLength(started)

    site.write({ 'site.yml': playbook({ roles: ['base', 'web', 'last'] }) })
    await on('server2', 'touch /run/changed-mended')
    const run = await site.runText('--resume', '-e', 'base_path=/run/changed-other')
    expect(run.exitCode, run.output).toBe(0)
    expect(run.stdout).toContain('begins early: the vars of base have changed since')
    expect(await on('server1', 'ls /run/changed-other')).toBe('/run/changed-other')
  })
})

describe('a run whose controller was killed', () => {
  test('goes on at the role that it was in', async () => {
    const site = engineProject(lab, {
      base: marks('/run/killed-base'),
      slow: `
  async run({ nodes }) {
    await nodes.each((node) => node.task('slow', {
      met: async ({ $ }) => (await $.read({ nothrow: true })\`[ -e /run/killed-slow ]\`).exitCode === 0,
      apply: ({ $ }) => $\`{ [ -e /run/killed-fast ] || sleep 3600; } && touch /run/killed-slow\`,
    }))
  },`,
    })
    const started = site.start()
    for (const node of ['server1', 'server2'])
      await until(async () => (await on(node, 'pgrep -f "^sleep 3600"')) !== '')
    process.kill(started.pid, 'SIGKILL')
    await started.ended
    for (const node of ['server1', 'server2'])
      await on(node, 'touch /run/killed-fast; pkill -f "^sleep 3600"')
    const run = await site.run('--resume')
    expect(run.exitCode, run.output).toBe(0)
    expect(taskEnds(run.events).toSorted()).toEqual(['server1 slow changed', 'server2 slow changed'])
    expect(runEnd(run.events).recap).toMatchObject({ server1: { changed: 2, failed: 0 } })
  })
})

describe('a play that goes host by host', () => {
  test('goes on with the host that failed, and the ones after it', async () => {
    const site = engineProject(lab, { base: marks('/run/serial-base'), web: failsUntil('/run/serial') }, [
      'serial: 1',
    ])
    expect((await site.run()).exitCode).toBe(2)
    await on('server2', 'touch /run/serial-mended')
    const run = await site.run('--resume')
    expect(run.exitCode, run.output).toBe(0)
    expect(rolesOf(run.events)).toEqual(['web server2'])
  })

  test('goes on with hosts that it went on without', async () => {
    const site = engineProject(
      lab,
      { base: marks('/run/mild-base'), web: failsUntil('/run/mild'), last: marks('/run/mild-last') },
      ['any_errors_fatal: false'],
    )
    const failed = await site.run()
    expect(failed.exitCode).toBe(2)
    expect(rolesOf(failed.events).at(-1)).toBe('last server1')
    await on('server2', 'touch /run/mild-mended')
    const run = await site.run('--resume')
    expect(run.exitCode, run.output).toBe(0)
    expect(rolesOf(run.events)).toEqual(['web server1 server2', 'last server1 server2'])
    expect(runEnd(run.events).recap).toMatchObject({ server1: { failed: 0 }, server2: { failed: 0 } })
    expect(await on('server2', 'ls /run/mild-last')).toBe('/run/mild-last')
  })
})
