import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { endOf, engineProject, errorsIn, placeOf, playbook, runEnd } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 3 })))
afterAll(() => lab?.down())

/** Says on each node which roles came by, and when. */
const pass = `
  async run({ nodes }) {
    await nodes.each((node) => node.$\`true\`)
  },`

/** `role: hosts` of the roles that were run, in order. */
const rolesRun = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'role_start' ? [`${event.role}: ${event.hosts.join(' ')}`] : []))

describe('what a run is narrowed to', () => {
  let site: EngineProject
  const inOrder = async (...args: string[]): Promise<string[]> => {
    const run = await site.run(...args)
    expect(run.exitCode, run.output).toBe(0)
    return rolesRun(run.events)
  }

  test('tags, a limit, a role to start at, and each together', async () => {
    site = engineProject(lab, { one: pass, two: pass, three: pass })
    site.write({
      'site.yml': `
- name: First
  hosts: cluster
  roles:
    - one
    - { role: two, tags: [net] }
- name: Second
  hosts: server2:server3
  tags: [late]
  roles: [three]
`,
    })
    expect(await inOrder()).toEqual([
      'one: server1 server2 server3',
      'two: server1 server2 server3',
      'three: server2 server3',
    ])
    expect(await inOrder('--tags', 'net,late')).toEqual([
      'two: server1 server2 server3',
      'three: server2 server3',
    ])
    expect(await inOrder('--limit', 'server1')).toEqual(['one: server1', 'two: server1'])
    expect(await inOrder('--start-at', 'two', '--limit', 'all:!server3')).toEqual([
      'two: server1 server2',
      'three: server2',
    ])
  })

  test('a wrong tag, host or role is told before the first connection', async () => {
    site = engineProject(lab, { one: pass })
    for (const [args, code] of [
      [['--tags', 'nte'], 'TAG_UNKNOWN'],
      [['--limit', 'server9'], 'HOST_UNKNOWN'],
      [['--start-at', 'too'], 'ROLE_UNKNOWN'],
    ] as const) {
      const run = await site.run(...args)
      expect(run.exitCode).toBe(5)
      expect(run.stderr).toContain(`[${code}]`)
      expect(run.events).toEqual([])
    }
  })
})

describe('serial', () => {
  test.each([
    { serial: '1', batches: ['server1', 'server2', 'server3'] },
    { serial: '"50%"', batches: ['server1', 'server2', 'server3'] },
    { serial: '2', batches: ['server1 server2', 'server3'] },
  ])('$serial takes a batch through all roles before the next', async ({ serial, batches }) => {
    const site = engineProject(lab, { one: pass, two: pass }, [`serial: ${serial}`])
    const run = await site.run()
    expect(run.exitCode, run.output).toBe(0)
    expect(rolesRun(run.events)).toEqual(batches.flatMap((hosts) => [`one: ${hosts}`, `two: ${hosts}`]))
  })

  test('a batch that fails keeps the next from being touched', async () => {
    const site = engineProject(
      lab,
      {
        picky: `
  async run({ nodes }) {
    await nodes.each((node) => node.$\`hostname | grep -qv server2 && touch /run/serial-was-here\`)
  },`,
      },
      ['serial: 1'],
    )
    const run = await site.run()
    expect(run.exitCode).toBe(2)
    expect(rolesRun(run.events)).toEqual(['picky: server1', 'picky: server2'])
    for (const [node, seen] of [
      ['server1', '/run/serial-was-here'],
      ['server3', ''],
    ] as const)
      expect((await lab.exec(node, 'ls /run/serial-was-here 2>/dev/null')).stdout.trim()).toBe(seen)
  })
})

describe('vars', () => {
  const role = `
  vars: z.strictObject({
    colour: z.string().default('grey'),
    size: z.number().default(1),
  }),
  async run({ nodes, vars }) {
    await nodes.each((node) => node.task(\`\${vars.colour} \${node.vars.size}\`, { met: async () => true, apply: async () => {} }))
  },`

  test('come from the inventory, the play and the command line, the last one over all', async () => {
    const site = engineProject(lab, { paint: role })
    site.write({
      'group_vars/cluster.yml': 'colour: red\nsize: 2\n',
      'host_vars/server2.yml': 'size: 3\n',
    })
    const run = await site.run('-e', 'colour=blue')
    expect(run.exitCode, run.output).toBe(0)
    endOf(run.events, 'server1', 'blue 2')
    endOf(run.events, 'server2', 'blue 3')
  })

  test('that differ between hosts are refused where a role reads them for all', async () => {
    const site = engineProject(lab, {
      paint: `
  vars: z.strictObject({ size: z.number() }),
  async run({ nodes, vars }) {
    await nodes.each((node) => node.$\`echo \${vars.size} >/run/size\`)
  },`,
    })
    site.write({
      'site.yml': playbook({ roles: ['paint'], lines: ['vars: { size: 1 }'] }),
      'host_vars/server3.yml': 'size: 3\n',
    })
    // A var of the play is over those of hosts: nothing differs.
    expect((await site.run()).exitCode).toBe(0)
    site.write({ 'site.yml': playbook({ roles: ['paint'] }), 'group_vars/cluster.yml': 'size: 1\n' })
    const run = await site.run()
    expect(run.exitCode).toBe(2)
    expect(errorsIn(run.events)[0]).toMatchObject({
      code: 'ROLE_INVALID',
      message: 'paint reads vars.size for the group, but it differs between hosts',
      seen: 'server1 and server3 have different values',
      at: placeOf(site.directory, 'roles/paint/role.ts', 'vars.size}'),
    })
    expect(runEnd(run.events).recap['server3']).toMatchObject({ changed: 0 })
  })

  test('of a wrong type are told before the first connection', async () => {
    const site = engineProject(lab, { paint: role })
    const run = await site.run('-e', 'size=big')
    expect(run.exitCode).toBe(5)
    expect(run.stderr).toContain('[VAR_INVALID]')
    expect(run.events).toEqual([])
  })
})
