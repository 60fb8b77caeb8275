import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { endOf, engineProject, runEnd, taskEnds } from '../support/engine_project.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

const LISTING =
  'find /etc /var/lib /root -xdev -type f -exec sha256sum {} + | sort -k2; find /etc /var/lib /root -xdev -printf "%p %m %u %g %l\\n" | sort; ls /run/restarted; dpkg -l'
const state = async (): Promise<string[]> =>
  Promise.all(lab.nodes.map(async ({ name }) => (await lab.exec(name, LISTING)).stdout))

const web = `
  handlers: { restart: async (node) => { await node.$\`touch /run/restarted\` } },
  async run({ nodes }) {
    await nodes.each(async (node) => {
      await node.directory({ path: '/etc/web' })
      await node.file({ path: '/etc/web/site.conf', content: 'listen 80\\nroot /srv\\n' }, { notify: 'restart' })
      await node.line({ path: '/etc/web/site.conf', line: 'listen 443', match: '^listen ' })
      await node.package({ names: ['nginx-light'] })
      await node.service({ name: 'nginx', enabled: true, state: 'started' })
      await node.task('a step', { met: async () => 'not stepped', apply: ({ $ }) => $\`touch /etc/stepped\` })
      const host = await node.$.read\`hostname\`.text()
      await node.$\`echo \${host.trim()} >/etc/loose\`
      node.note((await node.readText('/etc/web/site.conf')) ?? 'nothing')
    })
  },`

describe('check mode', () => {
  test('changes nothing, and shows what each task would do after the ones before it', async () => {
    const site = engineProject(lab, { web })
    const before = await state()
    const check = await site.run('--check', '--limit', 'server1')
    expect(check.exitCode, check.output).toBe(0)
    expect(await state()).toEqual(before)
    expect(taskEnds(check.events)).toEqual([
      'server1 directory /etc/web changed',
      'server1 file /etc/web/site.conf changed',
      'server1 line /etc/web/site.conf: listen 443 changed',
      'server1 package nginx-light changed',
      'server1 service nginx changed',
      'server1 a step changed',
      'server1 $ echo server1 >/etc/loose changed',
    ])
    const line = endOf(check.events, 'server1', 'line /etc/web/site.conf: listen 443')
    expect(line.changes[0]?.diff).toMatchObject({
      before: 'listen 80\nroot /srv\n',
      after: 'listen 443\nroot /srv\n',
    })
    expect(
      endOf(check.events, 'server1', 'service nginx')
        .changes.map(({ summary }) => summary)
        .join(),
    ).toMatch(/package planned/)
    expect(endOf(check.events, 'server1', '$ echo server1 >/etc/loose')).toMatchObject({
      changes: [{ summary: 'would run' }],
      commands: [{ command: 'echo server1 >/etc/loose', kind: 'change', stdout: '' }],
    })
    expect(check.events.flatMap((event) => (event.type === 'note' ? [event.message] : []))).toEqual([
      'listen 443\nroot /srv\n',
      'would run the handler restart',
    ])
    expect(check.events.filter((event) => event.type.startsWith('handler_'))).toEqual([])
    expect(runEnd(check.events)).not.toHaveProperty('due')
  })

  test('is told to people as unified diffs, with the words that nothing was changed', async () => {
    const site = engineProject(lab, { web })
    const { exitCode, stdout } = await site.runText('--check')
    expect(exitCode, stdout).toBe(0)
    expect(stdout).toContain('(check: nothing is changed)')
    expect(stdout).toMatch(
      /^ +--- \/dev\/null\n +\+\+\+ \/etc\/web\/site.conf\n +@@ -0,0 \+1,2 @@\n +\+listen 80\n/m,
    )
    expect(stdout).toMatch(/^ +-listen 80\n +\+listen 443\n/m)
    expect(stdout).toContain('~ server1  $ echo server1 >/etc/loose: would run')
    expect(stdout).toContain('· server2  listen 443\n    root /srv\n')
    expect(stdout).toMatch(/checked, nothing was changed in/)
  })

  test('after the run has nothing more to show', async () => {
    const small = engineProject(lab, {
      small: `
  async run({ nodes }) {
    await nodes.each(async (node) => {
      await node.file({ path: '/etc/small', content: 'a\\n' })
      await node.line({ path: '/etc/small', line: 'b' })
    })
  },`,
    })
    // The two disagree about the file, so that each run changes it: what check mode says is what the run does.
    expect((await small.run('--check')).changed).toHaveLength(4)
    expect((await small.run()).changed).toHaveLength(4)
    expect((await small.run('--check')).changed.toSorted()).toEqual((await small.run()).changed.toSorted())
  })
})
