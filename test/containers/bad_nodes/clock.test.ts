import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { packageOperation } from '../../../src/operations/package.ts'
import { engineProject, errorsIn, runEnd } from '../../support/engine_project.ts'
import { labNode } from '../../support/lab_node.ts'
import type { LabNode } from '../../support/lab_node.ts'
import { errorsOf } from '../../support/project.ts'

/*
 * Containers share the machine's clock. libfaketime stands in for a wrong one: loaded into every program that is run over
 * SSH, it answers with another time wherever one is asked for.
 */
let lab: Lab
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['libfaketime', 'tree'] })
  for (const [name, shift] of [
    ['server1', '-9y'],
    ['server2', '+9y'],
  ] as const) {
    await withNode(name, async (node) => {
      await node.perform(packageOperation, { names: 'libfaketime' })
      await node.sh(`echo "SetEnv LD_PRELOAD=$(find /usr/lib -name libfaketime.so.1) FAKETIME=${shift}" >/etc/ssh/sshd_config.d/clock.conf
        systemctl restart ssh`)
    })
  }
})
afterAll(() => lab?.down())

async function withNode<T>(name: string, work: (node: LabNode) => Promise<T>): Promise<T> {
  const node = await labNode(lab, name)
  try {
    return await work(node)
  } finally {
    await node.close()
  }
}

const yearOn = (name: string): Promise<number> =>
  withNode(name, async (node) => Number(await node.sh('date +%Y')))

describe('clocks that are years off', () => {
  test('are so', async () => {
    const now = new Date().getFullYear()
    expect([await yearOn('server1'), await yearOn('server2')]).toEqual([now - 9, now + 9])
  })

  test('matter neither to files and services nor to the journal of a run', async () => {
    const site = engineProject(lab, {
      app: `
  handlers: { restart: (node) => node.restart({ name: 'systemd-journald' }) },
  async run({ nodes }) {
    await nodes.each((node) => Promise.all([
      node.directory({ path: '/srv/clock' }),
      node.file({ path: '/srv/clock/file', content: 'one\\n' }, { notify: 'restart' }),
      node.line({ path: '/srv/clock/file2', line: 'two', create: true }),
      node.service({ name: 'systemd-journald', state: 'started' }),
    ]))
  },`,
    })
    const began = Date.now()
    const first = await site.run()
    expect(first.exitCode, first.output).toBe(0)
    const times = site.journal().map(({ time }) => Date.parse(time))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(Math.min(...times)).toBeGreaterThanOrEqual(began)
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now())
    const second = await site.run()
    expect(second.exitCode, second.output).toBe(0)
    expect(second.changed).toEqual([])
  })

  test('are told before a cluster is made of them', async () => {
    const site = engineProject(lab, {})
    site.write({ 'site.yml': '- name: Fit\n  hosts: cluster\n  roles: [preflight]\n' })
    const run = await site.run()
    expect(run.exitCode).toBe(2)
    expect(runEnd(run.events).outcome).toBe('failed')
    expect(errorsIn(run.events)[0]).toMatchObject({
      code: 'REFUSED',
      host: 'server2',
      expected: 'a clock within 5 s of the others',
      seen: expect.stringMatching(/^\d+ s ahead of server1$/),
    })
  })

  test('are the reason that is told where packages can not be had for them', async () => {
    const reports: string[] = []
    for (const name of ['server1', 'server2']) {
      await withNode(name, async (node) => {
        await node.sh('rm -rf /var/lib/apt/lists/*')
        reports.push(await errorsOf(() => node.perform(packageOperation, { names: 'tree' })))
      })
    }
    const [behind, ahead] = reports
    expect(behind).toMatch(/by the host's clock, its package sources come from the future/)
    expect(behind).toContain('is not valid yet')
    expect(ahead).toMatch(/by the host's clock, its package sources are out of date/)
    expect(ahead).toContain('EXPKEYSIG')
  })
})
