import { describe, expect, test } from 'vitest'
import { planRun } from '../../../src/playbook/plan.ts'
import { errorsOf, project } from '../../support/project.ts'

const ROLE = `import { defineRole, z } from 'bringup'
export default defineRole({ summary: 's', vars: z.strictObject({}), async run() {} })
`

async function plan(inventory: string, destroy: readonly string[] = [], limit?: string) {
  const cwd = project({
    'hosts.yml': inventory,
    'site.yml': '- name: p\n  hosts: all\n  roles: [r]\n',
    'roles/r/role.ts': ROLE,
  })
  return planRun(
    { playbook: 'site.yml', inventory: 'hosts.yml' },
    { cwd, resolveSecrets: false, ask: async () => null, destroy, ...(limit === undefined ? {} : { limit }) },
  )
}

const HOSTS = `all:
  hosts:
    server1: { destroy: [/dev/sdb, /dev/disk/by-path/pci-0000:00:1f.2-ata-1] }
    server2:
`

test('consent comes from the inventory and from the command line, each with where it was given', async () => {
  const { plays, notes } = await plan(HOSTS, ['server2:/dev//sdb/', 'server1:/dev/disk/by-id/a:b'])
  expect(plays[0]?.batches.flat().map(({ name, consents }) => [name, consents])).toEqual([
    [
      'server1',
      [
        { device: '/dev/sdb', from: 'hosts.yml:3' },
        { device: '/dev/disk/by-path/pci-0000:00:1f.2-ata-1', from: 'hosts.yml:3' },
        { device: '/dev/disk/by-id/a:b', from: '--destroy server1:/dev/disk/by-id/a:b' },
      ],
    ],
    ['server2', [{ device: '/dev/sdb', from: '--destroy server2:/dev//sdb/' }]],
  ])
  expect(notes).toEqual([])
})

test('one for a host that is not in the run is told', async () => {
  const { notes } = await plan(HOSTS, ['server2:/dev/sdb'], 'server1')
  expect(notes).toEqual(['--destroy server2:/dev/sdb is for nothing: server2 is in no play of this run'])
})

describe('what is wrong is found before anything is connected', () => {
  test.each([
    [
      'server3:/dev/sdb',
      /^--destroy server3:\/dev\/sdb: no host "server3" \(did you mean "server\d"\?\) \[HOST_UNKNOWN\]/,
    ],
    ['all:/dev/sdb', /no host "all"/],
    [
      '/dev/sdb',
      /^--destroy takes HOST:DEVICE, a device by its absolute path below \/dev, as \/dev\/sdb \[USAGE\]/,
    ],
    ['server1:sdb', /\[USAGE\]/],
    ['server1:/srv/disk.img', /\[USAGE\]/],
    ['server1:/dev/../etc/passwd', /\[USAGE\]/],
    ['server1:/dev/', /\[USAGE\]/],
    ['server1:', /\[USAGE\]/],
    ['', /\[USAGE\]/],
  ])('--destroy %s', async (given, report) => {
    expect(await errorsOf(() => plan(HOSTS, [given]))).toMatch(report)
  })

  test.each([
    [
      'a device alone',
      'all: { hosts: { a: { destroy: /dev/sdb } } }',
      /hosts\.yml:1:\d+ destroy: expected a list of devices \[INVENTORY_INVALID\]/,
    ],
    [
      'no path',
      'all: { hosts: { a: { destroy: [sdb] } } }',
      /destroy: expected a device by its absolute path/,
    ],
    [
      'for a group',
      'all: { hosts: { a: {} }, vars: { destroy: [/dev/sdb] } }',
      /destroy: consent is given for a host, not for a group \[INVENTORY_INVALID\]/,
    ],
  ])('in the inventory: %s', async (_what, inventory, report) => {
    expect(await errorsOf(() => plan(inventory))).toMatch(report)
  })
})
