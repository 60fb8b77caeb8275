import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { drbdConfig } from '../../src/operations/drbd_config.ts'
import { packageOperation } from '../../src/operations/package.ts'
import { labNode } from '../support/lab_node.ts'
import type { LabNode } from '../support/lab_node.ts'
import { PAIR, TIEBREAKER } from '../unit/drbd/declared.ts'
import type { ResourceInput } from '../unit/drbd/declared.ts'

let lab: Lab
let node: LabNode

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1, warm: ['drbd-utils'] })
  node = await labNode(lab, 'server1')
})
afterAll(async () => {
  await node?.close()
  await lab?.down()
})

const declared = (fields: Partial<ResourceInput> = {}): ResourceInput => ({ ...PAIR, ...fields })
const second = (fields: Partial<ResourceInput> = {}): ResourceInput =>
  declared({
    name: 'r1',
    nodes: PAIR.nodes.map((one) => ({ ...one, port: 7789 })),
    volumes: [{ volume: 0, minor: 1, disks: { server1: '/dev/sdc', server2: '/dev/sdc' } }],
    ...fields,
  })
const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  )
const files = (): Promise<string> => node.sh('ls /etc/drbd.d; cat /etc/drbd.d/*')

test('before drbd-utils are there a check says what would be written; a run refuses', async () => {
  const { changes } = await node.check(drbdConfig, { resources: [declared()] })
  expect(changes.map(({ diff }) => diff?.path)).toEqual([
    '/etc/drbd.d/global_common.conf',
    '/etc/drbd.d/r0.res',
  ])
  expect(await failure(node.perform(drbdConfig, { resources: [declared()] }))).toMatchObject({
    code: 'REFUSED',
    message: 'there is no drbdadm, so the configuration cannot be checked',
  })
})

describe('with drbd-utils', () => {
  beforeAll(() => node.perform(packageOperation, { names: ['drbd-utils'], recommends: false }))
  beforeEach(() => node.sh('rm -f /etc/drbd.d/*.res'))

  test.each<[string, ResourceInput[]]>([
    ['a pair for 8.4', [declared({ driver: '8.4' })]],
    ['a pair for 8.4 with fencing', [declared({ driver: '8.4', fencing: 'resource-and-stonith' })]],
    ['a pair for 9', [declared()]],
    ['two resources', [declared(), second()]],
    ['fencing for 9', [declared({ fencing: 'resource-and-stonith' })]],
    [
      'a mesh of three, the last without a disk',
      [declared({ nodes: [...PAIR.nodes, TIEBREAKER], quorum: 'majority', max_peers: 3 })],
    ],
    [
      'several volumes and settings of all sections',
      [
        declared({
          volumes: [0, 1].map((volume) => ({
            volume,
            minor: volume,
            disks: { server1: `/dev/disk/by-id/a-${volume}`, server2: `/dev/vg/b-${volume}` },
          })),
          auto_promote: false,
          net: { 'max-buffers': '36k', 'rr-conflict': 'disconnect', 'after-sb-0pri': 'discard-zero-changes' },
          disk: { 'c-max-rate': '200M', 'al-extents': 6007 },
          options: { 'on-no-data-accessible': 'suspend-io' },
          handlers: { 'split-brain': '/usr/lib/drbd/notify-split-brain.sh "root"' },
        }),
      ],
    ],
  ])('%s: drbdadm takes it, and again nothing is to be done', async (_what, resources) => {
    const { changes } = await node.perform(drbdConfig, { resources })
    expect(changes.length).toBeGreaterThan(0)
    expect((await node.perform(drbdConfig, { resources })).changes).toEqual([])
    const driver = resources[0]!.driver === '8.4' ? '8.4.11' : '9.2.16'
    const names = await node.sh(`DRBD_DRIVER_VERSION_OVERRIDE=${driver} drbdadm sh-resources`)
    expect(names.trim().split(/\s+/)).toEqual(resources.map(({ name }) => name))
  })

  test.each(['8.4', '9'] as const)(
    'what the roles ask drbdadm for is known to it, for %s',
    async (driver) => {
      await node.perform(drbdConfig, { resources: [declared({ driver })] })
      const version = driver === '8.4' ? '8.4.11' : '9.2.16'
      const dry = (command: string) =>
        node.sh(`DRBD_DRIVER_VERSION_OVERRIDE=${version} drbdadm -d ${command} </dev/null`)
      expect(
        Object.fromEntries(
          await Promise.all(
            [
              'primary --force r0',
              'secondary r0',
              'new-current-uuid --clear-bitmap r0/0',
              'get-gi r0/0',
              'dump-md r0/0',
              'connect r0',
            ].map(async (command) => [command, await dry(command)] as const),
          ),
        ),
      ).toMatchSnapshot()
    },
  )

  test('a file that is not ours stays, and what it claims is told', async () => {
    await node.perform(drbdConfig, { resources: [second()] })
    await node.sh('mv /etc/drbd.d/r1.res /etc/drbd.d/other.res')
    expect((await node.perform(drbdConfig, { resources: [declared()] })).changes).toHaveLength(1)
    await node.sh('rm /etc/drbd.d/r0.res')
    const before = await files()

    const clashes: [string, Partial<ResourceInput>, RegExp][] = [
      [
        'minor',
        { volumes: [{ volume: 0, minor: 1, disks: PAIR.volumes[0]!.disks }] },
        /conflicting use of device-minor/,
      ],
      [
        'port',
        { nodes: PAIR.nodes.map((one) => ({ ...one, port: 7789 })) },
        /other\.res:[\s\S]*7789 is also used/,
      ],
      ['name', { name: 'r1' }, /other\.res/],
    ]
    for (const [what, clash, seen] of clashes) {
      const error = await failure(node.perform(drbdConfig, { resources: [declared(clash)] }))
      expect(error, what).toMatchObject({
        code: 'VALIDATION_FAILED',
        details: {
          seen: expect.stringMatching(seen) as string,
          remedy: expect.stringContaining('/etc/drbd.d/other.res') as string,
        },
      })
    }
    const disk = declared({
      volumes: [{ volume: 0, minor: 0, disks: { server1: '/dev/sdc', server2: '/dev/sdc' } }],
    })
    expect(await failure(node.perform(drbdConfig, { resources: [disk] }))).toMatchObject({
      code: 'REFUSED',
      details: { seen: '/etc/drbd.d/other.res has the disk /dev/sdc, which is that of r0' },
    })
    expect(await files()).toBe(before)
  })

  test('a clash is told for 8.4 too', async () => {
    await node.perform(drbdConfig, { resources: [second({ driver: '8.4' })] })
    const same = declared({
      driver: '8.4',
      volumes: [{ volume: 0, minor: 1, disks: PAIR.volumes[0]!.disks }],
    })
    expect(await failure(node.perform(drbdConfig, { resources: [same] }))).toMatchObject({
      code: 'VALIDATION_FAILED',
    })
  })

  test('settings that foreign resources live by are not taken from them', async () => {
    await node.perform(drbdConfig, { resources: [second()] })
    await node.sh(`mv /etc/drbd.d/r1.res /etc/drbd.d/other.res
      printf 'global { usage-count no; }\\ncommon { net { max-buffers 9000; } }\\n' >/etc/drbd.d/global_common.conf`)
    expect(await failure(node.perform(drbdConfig, { resources: [declared()] }))).toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('settings that resources of other files live by') as string,
    })
  })

  test('nothing is left behind by looking', async () => {
    await node.perform(drbdConfig, { resources: [declared()] })
    expect(await node.sh('ls /tmp; ls /etc/drbd.d')).not.toMatch(/tmp\.|bringup/)
  })
})
