import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { endOf, engineProject, runEnd, taskEnds } from '../../support/engine_project.ts'
import { until } from '../../support/until.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 1 })))
afterAll(() => lab?.down())

test('a node that reboots by itself in a task: the outcome is unknown, and the next run goes on from there', async () => {
  const site = engineProject(lab, {
    surprised: `
  async run({ nodes }) {
    const node = nodes.first
    await node.file({ path: '/srv/before', content: 'before' })
    await node.task('work', {
      met: async ({ $ }) => (await $.read({ nothrow: true })\`[ -e /srv/worked ]\`).exitCode === 0,
      apply: ({ $ }) => $\`
        if [ ! -e /srv/rebooted ]; then
          touch /srv/rebooted
          systemctl --no-block reboot
          sleep 8400
        fi
        touch /srv/worked\`,
    })
    await node.file({ path: '/srv/after', content: 'after' })
  },`,
  })
  await lab.exec('server1', 'touch /run/this-boot')
  const first = await site.run()
  expect(first.exitCode, first.output).toBe(4)
  expect(endOf(first.events, 'server1', 'work').error).toMatchObject({
    code: 'CONNECTION_LOST',
    message: expect.stringMatching(/on server1|to server1/) as string,
    remedy: 'Run again: what is already done is seen and left alone.',
  })
  expect(runEnd(first.events)).toMatchObject({ outcome: 'unreachable', stoppedAt: { role: 'surprised' } })

  const isBack = 'test ! -e /run/this-boot && systemctl is-active -q ssh'
  await until(async () =>
    lab.exec('server1', isBack).then(
      ({ exitCode }) => exitCode === 0,
      () => false,
    ),
  )
  const second = await site.run()
  expect(second.exitCode, second.output).toBe(0)
  expect(taskEnds(second.events)).toEqual([
    'server1 file /srv/before ok',
    'server1 work changed',
    'server1 file /srv/after changed',
  ])
})
