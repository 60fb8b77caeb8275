import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { endOf, engineProject, errorsIn, runEnd, taskEnds } from '../support/engine_project.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

const on = async (node: string, script: string): Promise<string> =>
  (await lab.exec(node, script)).stdout.trim()

/** How often a handler has run on each node, by the lines that it left there. */
const rung = (name: string): Promise<string[]> =>
  Promise.all(lab.nodes.map(({ name: node }) => on(node, `wc -l </run/${name} 2>/dev/null || echo 0`)))

const ring = (name: string): string =>
  `{ ring: async (node) => { await node.$\`echo ring >>/run/${name}\` } }`

test('a handler runs once per node that was changed, after the role, and not where nothing was', async () => {
  const site = engineProject(lab, {
    bell: `
  handlers: ${ring('once')},
  async run({ nodes }) {
    await nodes.named('server1').each(async (node) => {
      await node.file({ path: '/etc/once-1', content: 'x' }, { notify: 'ring' })
      await node.file({ path: '/etc/once-2', content: 'x' }, { notify: ['ring'] })
    })
    await nodes.each((node) => node.file({ path: '/etc/once-3', content: 'x' }))
  },`,
  })
  const first = await site.run()
  expect(first.exitCode, first.output).toBe(0)
  expect(taskEnds(first.events).at(-1)).toBe('server1 $ echo ring >>/run/once changed')
  expect(await rung('once')).toEqual(['1', '0'])
  const second = await site.run()
  expect(second.changed).toEqual([])
  expect(await rung('once')).toEqual(['1', '0'])
})

test('handlers may notify others, but not for ever', async () => {
  const site = engineProject(lab, {
    chain: `
  handlers: {
    second: ${/\{ ring: (.*) \}/.exec(ring('second'))?.[1]},
    first: async (node) => { node.notify('second') },
    ping: async (node) => { node.notify('pong') },
    pong: async (node) => { node.notify('ping') },
  },
  vars: z.strictObject({ game: z.boolean().default(false) }),
  async run({ nodes, vars }) {
    nodes.first.notify(vars.game ? 'ping' : 'first')
  },`,
  })
  const run = await site.run()
  expect(run.exitCode, run.output).toBe(0)
  expect(await rung('second')).toEqual(['1', '0'])
  const endless = await site.run('-e', 'game=true')
  expect(errorsIn(endless.events)).toMatchObject([
    { code: 'ROLE_INVALID', message: 'the handlers of chain notify each other without end' },
  ])
})

test('a handler that the role does not have is an error, before anything is changed', async () => {
  const site = engineProject(lab, {
    typo: `
  handlers: ${ring('typo')},
  async run({ nodes }) {
    await nodes.first.file({ path: '/etc/typo', content: 'x' }, { notify: 'rign' })
  },`,
  })
  const run = await site.run()
  expect(run.exitCode).toBe(2)
  expect(endOf(run.events, 'server1', 'file /etc/typo').error).toMatchObject({
    code: 'ROLE_INVALID',
    message: 'the role typo notifies a handler that it does not have: rign',
    seen: 'ring',
  })
  expect(await on('server1', 'ls /etc/typo 2>/dev/null')).toBe('')
})

describe('a handler that was due when a run ended', () => {
  /** Changes a file, then does something long or wrong. */
  const role = (name: string): string => `
  handlers: ${ring(name)},
  vars: z.strictObject({ then: z.string().default('true') }),
  async run({ nodes, vars }) {
    await nodes.each((node) => node.file({ path: '/etc/${name}', content: 'x' }, { notify: 'ring' }))
    await nodes.each((node) => node.$\`sh -c \${vars.then}\`)
  },`

  test('because a later task failed is left to the next run, and the recap says so', async () => {
    const site = engineProject(lab, { bell: role('failed') })
    const failed = await site.runText('-e', 'then=exit 1')
    expect(failed.exitCode).toBe(2)
    expect(failed.stdout).toContain('still due, and left to the next run: bell: ring on server1 server2')
    expect(await rung('failed')).toEqual(['0', '0'])

    // Neither check mode nor a run on other hosts takes it away.
    const check = await site.run('--check')
    expect(check.exitCode, check.output).toBe(0)
    const limited = await site.run('--limit', 'server2')
    expect(limited.exitCode, limited.output).toBe(0)
    expect(await rung('failed')).toEqual(['0', '1'])
    expect(runEnd(limited.events).due).toEqual([{ host: 'server1', role: 'bell', handler: 'ring' }])

    const next = await site.run()
    expect(next.exitCode, next.output).toBe(0)
    expect(endOf(next.events, 'server1', 'file /etc/failed').status).toBe('ok')
    expect(await rung('failed')).toEqual(['1', '1'])
    expect((await site.run()).exitCode).toBe(0)
    expect(await rung('failed')).toEqual(['1', '1'])
  })

  test('because the controller was killed is run by the next, however often that is killed too', async () => {
    const site = engineProject(lab, { bell: role('killed') })
    const moments: ((event: RunEvent) => boolean)[] = [
      (event) => event.type === 'task_start' && event.task.startsWith('$ sh -c'),
      ({ type }) => type === 'run_start',
      ({ type }) => type === 'begin',
    ]
    for (const [index, moment] of moments.entries()) {
      // No run comes past its last task while it lives.
      const run = site.start(['-e', `then=until [ -e /run/killed-${index} ]; do sleep 0.1; done`])
      await run.seen(moment)
      process.kill(run.pid, 'SIGKILL')
      expect((await run.ended).exitCode).toBe(128)
      await Promise.all(lab.nodes.map(({ name }) => on(name, `touch /run/killed-${index}`)))
    }
    expect(await rung('killed')).toEqual(['0', '0'])

    const next = await site.run()
    expect(next.exitCode, next.output).toBe(0)
    expect(endOf(next.events, 'server2', 'file /etc/killed').status).toBe('ok')
    expect(await rung('killed')).toEqual(['1', '1'])
  })

  test('because the controller was killed in the very change that makes it due', async () => {
    const site = engineProject(lab, {
      bell: `
  handlers: ${ring('midway')},
  async run({ nodes }) {
    await nodes.first.task('change', {
      met: async ({ $ }) => (await $.read({ nothrow: true })\`[ -e /etc/midway ]\`).exitCode === 0,
      apply: ({ $ }) => $\`touch /etc/midway; sleep 6402\`,
    }, { notify: 'ring' })
  },`,
    })
    const killed = site.start()
    await until(async () => (await on('server1', 'pgrep -f "^sleep 6402"')) !== '')
    process.kill(killed.pid, 'SIGKILL')
    await killed.ended
    // The next run would wait for it.
    await on('server1', 'pkill -f "^sleep 6402"')
    const next = await site.run()
    expect(taskEnds(next.events)).toEqual(['server1 change ok', 'server1 $ echo ring >>/run/midway changed'])
    expect(await rung('midway')).toEqual(['1', '0'])
  })

  test('because it failed itself is tried again', async () => {
    const site = engineProject(lab, {
      bell: `
  handlers: { ring: async (node) => { await node.$\`[ -e /run/bell ] && echo ring >>/run/again\` } },
  async run({ nodes }) {
    await nodes.each((node) => node.file({ path: '/etc/again', content: 'x' }, { notify: 'ring' }))
  },`,
    })
    const failed = await site.run()
    expect(failed.exitCode).toBe(2)
    expect(runEnd(failed.events).due).toHaveLength(2)
    await Promise.all(lab.nodes.map(({ name }) => on(name, 'touch /run/bell')))
    const next = await site.run()
    expect(next.exitCode, next.output).toBe(0)
    expect(await rung('again')).toEqual(['1', '1'])
  })
})
