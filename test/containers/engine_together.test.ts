import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject, runEnd, taskEnds } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

/** Every step needs the one before it. */
const STEPS = `
  async run({ nodes }) {
    await nodes.each((node) => Promise.all([
      node.directory({ path: '/srv/chain' }),
      node.file({ path: '/srv/chain/list' }),
      node.line({ path: '/srv/chain/list', line: 'two' }),
      node.task('copy', {
        met: async ({ $ }) => (await $.read({ nothrow: true })\`cmp /srv/chain/list /srv/chain/copy\`).exitCode === 0,
        apply: async ({ $ }) => $\`cp /srv/chain/list /srv/chain/copy\`,
      }),
      node.symlink({ path: '/srv/chain/link', target: 'copy' }),
      node.user({ name: 'chain', home: '/srv/chain', system: true }),
      node.file({ path: '/srv/chain/owned', content: 'mine\\n', owner: 'chain' }),
      node.require('the link leads to the line', async ({ $ }) => {
        const count = (await $.read\`grep -c . /srv/chain/link || :\`).stdout.trim()
        return count === '1' ? true : \`\${count} lines\`
      }, 'Look at it.'),
    ]))
  },`

const TASKS = [
  'directory /srv/chain',
  'file /srv/chain/list',
  'line /srv/chain/list: two',
  'copy',
  'symlink /srv/chain/link → copy',
  'user chain',
  'file /srv/chain/owned',
  'the link leads to the line',
]

const endsOn = (host: string, site: EngineProject): string[] =>
  taskEnds(site.journal())
    .filter((end) => end.startsWith(`${host} `))
    .map((end) => end.slice(host.length + 1))

describe('tasks that are begun together', () => {
  test('are done in the order that they are written, each after what the one before it did', async () => {
    const site = engineProject(lab, { chain: STEPS })
    const first = await site.run()
    expect(first.exitCode, first.output).toBe(0)
    const done = TASKS.map((task, at) => `${task} ${at === 7 ? 'ok' : 'changed'}`)
    for (const host of ['server1', 'server2']) expect(endsOn(host, site)).toEqual(done)
    const second = await site.run()
    expect(second.exitCode, second.output).toBe(0)
    expect(runEnd(second.events).recap).toMatchObject({
      server1: { ok: 8, changed: 0 },
      server2: { ok: 8, changed: 0 },
    })
  })

  test('stop at the one that fails', async () => {
    const site = engineProject(lab, {
      broken: `
  async run({ nodes }) {
    await Promise.all([
      nodes.first.file({ path: '/srv/before', content: 'x' }),
      nodes.first.require('the impossible', async () => 'it is not', 'Give up.'),
      nodes.first.file({ path: '/srv/after', content: 'x' }),
    ])
  },`,
    })
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(2)
    expect(endsOn('server1', site)).toEqual(['file /srv/before changed', 'the impossible failed'])
    expect((await lab.exec('server1', 'ls -d /srv/before /srv/after 2>/dev/null || :')).stdout).toBe(
      '/srv/before\n',
    )
  })

  test('show in check mode what each would do after the ones before it', async () => {
    const site = engineProject(lab, {
      planned: `
  async run({ nodes }) {
    await Promise.all([
      nodes.first.directory({ path: '/srv/planned' }),
      nodes.first.file({ path: '/srv/planned/list', content: 'one\\n' }),
      nodes.first.line({ path: '/srv/planned/list', line: 'two' }),
      nodes.first.file({ path: '/srv/planned/list', content: 'one\\ntwo\\n' }),
    ])
  },`,
    })
    const run = await site.run('--check')
    expect(run.exitCode, run.output).toBe(0)
    expect(endsOn('server1', site)).toEqual([
      'directory /srv/planned changed',
      'file /srv/planned/list changed',
      'line /srv/planned/list: two changed',
      'file /srv/planned/list ok',
    ])
    expect((await lab.exec('server1', 'ls /srv/planned 2>&1 || :')).stdout).toContain('No such file')
  })
})
