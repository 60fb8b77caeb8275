import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject } from '../support/engine_project.ts'

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
