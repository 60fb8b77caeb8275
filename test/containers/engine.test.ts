import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { endOf, engineProject, errorsIn, placeOf, runEnd, taskEnds } from '../support/engine_project.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

const on = async (node: string, script: string): Promise<string> =>
  (await lab.exec(node, script)).stdout.trim()

describe('met, apply, met', () => {
  test('a second run sees that all is as wanted, and changes nothing', async () => {
    const site = engineProject(lab, {
      greet: `
  async run({ nodes }) {
    await nodes.each(async (node) => {
      await node.file({ path: '/etc/greeting', content: \`I am \${node.name}\\n\`, mode: '0640' })
      await node.task('the mark is set', {
        met: async ({ $ }) => (await $.read({ nothrow: true })\`grep -qx set /run/mark\`).exitCode === 0 || 'no mark',
        apply: ({ $ }) => $\`echo set >/run/mark; echo done\`,
      })
    })
  },`,
    })
    const first = await site.run()
    expect(first.exitCode, first.output).toBe(0)
    expect(first.changed.toSorted()).toEqual([
      'server1 file /etc/greeting',
      'server1 the mark is set',
      'server2 file /etc/greeting',
      'server2 the mark is set',
    ])
    for (const name of ['server1', 'server2'])
      expect(await on(name, 'stat -c "%a %U" /etc/greeting; cat /etc/greeting /run/mark')).toBe(
        `640 root\nI am ${name}\nset`,
      )

    const second = await site.run()
    expect(second.exitCode, second.output).toBe(0)
    expect(second.changed).toEqual([])
    const { recap } = runEnd(second.events)
    expect(recap['server1']).toEqual({ ok: 2, changed: 0, failed: 0, skipped: 0, unreachable: false })
  })

  test('a task that is not met after its apply has failed, and both readings are shown', async () => {
    const site = engineProject(lab, {
      stubborn: `
  async run({ nodes }) {
    await nodes.first.task('the lamp is lit', {
      met: async ({ $ }) => \`the lamp is \${await $.read\`cat /run/lamp 2>/dev/null || echo missing\`.text()}\`.trim(),
      apply: ({ $ }) => $\`echo dark >/run/lamp\`,
    })
  },`,
    })
    const run = await site.run()
    expect(run.exitCode).toBe(2)
    expect(endOf(run.events, 'server1', 'the lamp is lit').error).toMatchObject({
      code: 'NOT_MET',
      expected: 'nothing left to do after: the lamp is missing',
      seen: 'the lamp is dark',
      at: placeOf(site.directory, 'roles/stubborn/role.ts', "task('the lamp"),
    })
    expect(runEnd(run.events)).toMatchObject({
      outcome: 'failed',
      stoppedAt: { role: 'stubborn', running: [] },
    })
  })
})

describe('what a role throws', () => {
  test('is told with its place in the role, and no stack', async () => {
    const site = engineProject(lab, {
      small: `
  async run({ nodes }) {
    await nodes.each((node) => node.require('a host', async () => true, 'Bring one.'))
    throw new Error('the disk is too small') // own words
  },`,
    })
    const { exitCode, stdout, stderr } = await site.runText()
    const { file, line } = placeOf(site.directory, 'roles/small/role.ts', 'own words')
    expect(exitCode).toBe(2)
    expect(stdout).toContain(`✗ all hosts  role: ${file}:${line}:11 the disk is too small [TASK_FAILED]`)
    expect(stdout + stderr).not.toMatch(/^\s+at /m)
  })

  test.each([
    {
      wrong: 'a defect of its own',
      code: `await nodes.each(async (node) => void node.vars.nothing.at.all) // here`,
      error: {
        code: 'TASK_FAILED',
        message: expect.stringMatching(/^TypeError: Cannot read properties/) as string,
      },
    },
    {
      wrong: 'a command that fails',
      code: `await nodes.each((node) => node.$\`echo no such thing >&2; exit 3\`) // here`,
      error: {
        code: 'COMMAND_FAILED',
        message: '`echo no such thing >&2; exit 3` ended with status 3',
        seen: 'no such thing',
      },
    },
    {
      wrong: 'wrong parameters of an operation',
      code: `await nodes.each((node) => node.file({ pth: '/etc/x', content: 'x' })) // here`,
      error: {
        code: 'ROLE_INVALID',
        message:
          'the role asks for file with wrong parameters: path: Invalid input: expected string, received undefined; parameters: Unrecognized key: "pth"',
      },
    },
    {
      wrong: 'an option that a task does not have',
      code: `await nodes.each((node) => node.file({ path: '/etc/x', content: 'x' }, { notfy: 'restart' })) // here`,
      error: { code: 'ROLE_INVALID', message: 'a task has no option notfy' },
    },
    {
      wrong: 'a timeout that is no time',
      code: `await nodes.each((node) => node.file({ path: '/etc/x', content: 'x' }, { timeout: '5 s' })) // here`,
      error: { code: 'ROLE_INVALID', message: 'the timeout of a task is no time', seen: '5 s' },
    },
    {
      wrong: 'something that is no operation',
      code: `await nodes.each((node) => node.do({ name: 'x' }, {})) // here`,
      error: { code: 'ROLE_INVALID', message: 'node.do was given something that is no operation' },
    },
    {
      wrong: 'a task without apply',
      code: `await nodes.each((node) => node.task('half', { met: async () => false })) // here`,
      error: { code: 'ROLE_INVALID', message: 'a task has no apply' },
    },
    {
      wrong: 'a met that says nothing',
      code: `await nodes.each((node) => node.task('mute', { met: async () => {}, apply: async () => {} })) // here`,
      error: { code: 'ROLE_INVALID', message: "the task's met says nothing" },
    },
    {
      wrong: 'a promise where a word belongs',
      code: `await nodes.each((node) => node.$\`cat \${node.$.read\`hostname\`}\`) // here`,
      error: { code: 'ROLE_INVALID', message: 'value 1 of a command is no word', seen: 'a promise' },
    },
  ])('$wrong is told for each node, with its place', async ({ code, error }) => {
    const site = engineProject(lab, { wrong: `\n  async run({ nodes }) {\n    ${code}\n  },` })
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(2)
    const at = placeOf(site.directory, 'roles/wrong/role.ts', '// here')
    const byHost = errorsIn(run.events).toSorted((a, b) => (a.host ?? '').localeCompare(b.host ?? ''))
    expect(byHost).toEqual(
      ['server1', 'server2'].map((host) =>
        expect.objectContaining({ ...error, host, at: expect.objectContaining(at) }),
      ),
    )
    expect(await on('server1', 'ls /etc/x 2>&1')).toMatch(/No such file/)
  })

  test('nothing: a role that ends the process has not ended well', async () => {
    const site = engineProject(lab, { leaves: `\n  async run() {\n    process.exit(0)\n  },` })
    const { exitCode, stderr } = await site.run()
    expect(exitCode).toBe(1)
    const { file, line } = placeOf(site.directory, 'roles/leaves/role.ts', 'process.exit')
    expect(stderr).toContain(
      `${file}:${line}:13 bringup was ended in the middle of the run, by a role or a package of one [ROLE_INVALID]`,
    )
  })

  test('zx’s own $ runs nothing on the controller', async () => {
    const site = engineProject(lab, {
      astray: `
  async run({ nodes }) {
    const { $ } = await import('zx')
    await nodes.first.task('astray', { met: async () => false, apply: () => $\`touch ${'${process.cwd()}'}/astray\` })
  },`,
    })
    const run = await site.run()
    expect(errorsIn(run.events)).toMatchObject([
      { code: 'ROLE_INVALID', message: "zx's own `$` was used in a role: nothing was run", task: 'astray' },
    ])
    expect(() => statSync(`${site.directory}/astray`)).toThrow('ENOENT')
  })
})

describe('a promise that nobody awaits', () => {
  test('and that fails is an error of the run, not the end of the process', async () => {
    const site = engineProject(lab, {
      hasty: `
  async run({ nodes }) {
    nodes.first.$\`exit 7\` // not awaited
    await nodes.first.task('wait', { met: async () => false, apply: ({ $ }) => $\`sleep 0.5; touch /run/waited\` })
    await nodes.each((node) => node.file({ path: '/etc/too-late', content: 'x' }))
  },`,
    })
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(2)
    expect(run.stderr).toBe('')
    expect(run.events.filter((event) => event.type === 'warning')).toMatchObject([
      { role: 'hasty', message: expect.stringContaining('nobody waits for an error of this role') as string },
    ])
    expect(errorsIn(run.events).at(-1)).toMatchObject({
      code: 'COMMAND_FAILED',
      message: '`exit 7` ended with status 7',
      at: placeOf(site.directory, 'roles/hasty/role.ts', '// not awaited'),
    })
    // What was running was seen to its end, and nothing was begun after it.
    expect(await on('server1', 'ls /run/waited /etc/too-late 2>/dev/null')).toBe('/run/waited')
    expect(taskEnds(run.events)).toContain('server1 wait failed')
  })

  test('and that goes on when the role is done is seen to its end, and told', async () => {
    const site = engineProject(lab, {
      forgetful: `
  async run({ nodes }) {
    await nodes.each((node) => {
      node.task('slow', { met: async ({ $ }) => (await $.read({ nothrow: true })\`ls /run/slow\`).exitCode === 0, apply: ({ $ }) => $\`sleep 0.5; touch /run/slow\` })
    })
  },`,
      next: `
  async run({ nodes }) {
    await nodes.each((node) => node.$\`touch /run/next\`)
  },`,
    })
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(2)
    expect(errorsIn(run.events)).toMatchObject([
      {
        code: 'ROLE_INVALID',
        message: 'the role forgetful ended while tasks of it were still running',
        seen: 'server1: slow; server2: slow',
      },
    ])
    expect(taskEnds(run.events)).toEqual(
      expect.arrayContaining(['server1 slow changed', 'server2 slow changed']),
    )
    expect(await on('server2', 'ls /run/slow /run/next 2>/dev/null')).toBe('/run/slow')
  })

  test('an exception in a timer, too', async () => {
    const site = engineProject(lab, {
      timer: `
  async run({ nodes }) {
    setTimeout(() => { throw new Error('nobody hears this') }, 10) // the timer
    await new Promise(() => setInterval(() => {}, 1000))
  },`,
    })
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(2)
    expect(errorsIn(run.events)).toMatchObject([
      { message: 'nobody hears this', at: placeOf(site.directory, 'roles/timer/role.ts', '// the timer') },
    ])
    expect(runEnd(run.events).outcome).toBe('failed')
  })
})

test('a task inside of a task tells its failure once', async () => {
  const site = engineProject(lab, {
    nested: `
  async run({ nodes }) {
    await nodes.first.task('outer', {
      met: async () => false,
      apply: () => nodes.first.service({ name: 'no-such', state: 'started' }),
    })
  },`,
  })
  const run = await site.run()
  expect(errorsIn(run.events)).toMatchObject([
    { code: 'SERVICE_FAILED', task: 'service no-such' },
    { code: 'TASK_FAILED', task: 'outer', message: 'a task in it failed: service no-such' },
  ])
  expect(runEnd(run.events).error).toMatchObject({ code: 'SERVICE_FAILED' })
})

describe('node.$', () => {
  test('outside of a task is a change of its own, inside of one belongs to it, and pipes stay on the node', async () => {
    const site = engineProject(lab, {
      shell: `
  async run({ nodes }) {
    const node = nodes.first
    await node.$\`hostname >/run/who\`
    const name = await node.$.read\`cat /run/who\`.text()
    await node.task('inside', {
      met: async () => false || 'to do',
      apply: async () => { await node.$\`echo \${name.trim()} | tr a-z A-Z\`.pipe\`tee /run/inside\` },
    }).catch(() => {})
  },`,
    })
    const run = await site.run()
    expect(taskEnds(run.events)).toEqual(['server1 $ hostname >/run/who changed', 'server1 inside failed'])
    expect(endOf(run.events, 'server1', '$ hostname >/run/who').commands).toMatchObject([
      { code: 0, kind: 'change' },
    ])
    expect(run.events.filter((event) => event.type === 'read')).toMatchObject([
      { host: 'server1', command: { command: 'cat /run/who', stdout: 'server1\n', kind: 'read' } },
    ])
    expect(endOf(run.events, 'server1', 'inside').commands.map(({ command }) => command)).toEqual([
      'echo server1 | tr a-z A-Z',
      'tee /run/inside',
    ])
    expect(await on('server1', 'cat /run/inside')).toBe('SERVER1')
  })
})
