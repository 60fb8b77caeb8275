import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject } from '../support/engine_project.ts'
import { REBOOT_NOW } from '../support/reboot_now.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

test('nodes reboot one after the other, and the role goes on with the facts of the new boot', async () => {
  const site = engineProject(lab, {
    again: `
  async run({ nodes }) {
    await nodes.inTurn(async (node) => {
      const before = node.facts.bootId
      await node.reboot({ when: 'always' })
      const now = (await node.$.read\`cat /proc/sys/kernel/random/boot_id\`).stdout.trim()
      node.note(before !== node.facts.bootId && node.facts.bootId === now ? 'another boot' : 'the old facts')
    })
  },`,
  })
  const run = await site.run()
  expect(run.exitCode, run.output).toBe(0)
  expect(
    run.events.flatMap((event) => (event.type === 'note' ? [`${event.host} ${event.message}`] : [])),
  ).toEqual(['server1 another boot', 'server2 another boot'])
})

test('a node that goes down before it could say so has been told to reboot', async () => {
  // logind is stopped with all else, and may be gone before it has answered.
  const says = (then: string) => `#!/bin/sh
case "$1" in
  is-system-running) exec /usr/bin/systemctl "$@" ;;
  reboot|'') ${then}; echo 'Call to Reboot failed: Connection reset by peer' >&2; exit 1 ;;
esac
exec /usr/bin/systemctl "$@"`
  const put = (text: string) =>
    lab.exec('server1', 'cd /usr/local/sbin && tee systemctl reboot && chmod 755 systemctl reboot', {
      input: text,
    })
  const site = engineProject(lab, {
    again: `
  async run({ nodes }) {
    await nodes.first.reboot({ when: 'always' })
  },`,
  })
  await put(says(`/usr/bin/${REBOOT_NOW}`))
  const run = await site.run('--limit', 'server1')
  expect(run.exitCode, run.output).toBe(0)

  await put(says(':'))
  const refused = await site.run('--limit', 'server1')
  expect(refused.exitCode, refused.output).toBe(2)
  expect(refused.output).toContain('Call to Reboot failed')
})
