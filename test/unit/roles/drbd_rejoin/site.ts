import role from '../../../../roles/drbd_rejoin/role.ts'
import { drbdRejoinVars } from '../../../../roles/drbd_rejoin/vars.ts'
import { configFiles } from '../../../../src/drbd/config_files.ts'
import type { DrbdResource } from '../../../../src/drbd/resource_schema.ts'
import { declared, PAIR } from '../../drbd/declared.ts'
import type { ResourceInput } from '../../drbd/declared.ts'
import { ClusterModel } from '../../drbd/rejoin/cluster_model.ts'
import { endpointOf, Killed, modelledNodes } from './modelled_nodes.ts'
import type { Site } from './modelled_nodes.ts'

const third = { name: 'server3', node_id: 2, address: '192.168.53.13' }
const disks = { server1: '/dev/sdb', server2: '/dev/sdb', server3: '/dev/sdb', server4: '/dev/sdb' }
const withDisks = (driver: DrbdResource['driver'], nodes: ResourceInput['nodes']): DrbdResource =>
  declared({
    driver,
    nodes,
    volumes: [
      {
        volume: 0,
        minor: 0,
        disks: Object.fromEntries(nodes.map(({ name }) => [name, disks[name as keyof typeof disks]])),
      },
    ],
  })
const [ONE, TWO] = PAIR.nodes as [ResourceInput['nodes'][number], ResourceInput['nodes'][number]]

export type Disk = 'blank' | 'counted' | 'same' | 'other' | 'split'
export interface Case {
  readonly disk: Disk
  /** The node has another name and address than the survivors know. */
  readonly isMoved: boolean
  readonly gaveUp: 'nobody' | 'survivor' | 'node'
  readonly isUp: boolean
  readonly consents: boolean
  readonly nodes: 'two' | 'two of 8.4' | 'three'
}

/** server2 comes back (as server4 where it moved) to server1, which serves. */
export function siteOf({ disk, isMoved, gaveUp, isUp, consents, nodes }: Case): Site {
  const three = nodes === 'three'
  const rest = three ? [third] : []
  const driver = nodes === 'two of 8.4' ? '8.4' : '9'
  const before = withDisks(driver, [ONE, TWO, ...rest])
  const resource = isMoved
    ? withDisks(driver, [ONE, { ...TWO, name: 'server4', address: '192.168.53.24' }, ...rest])
    : before
  const world = new ClusterModel(resource)
  world.promote(0)
  world.write(0)
  world.powerOff(1)
  const dead = world.hosts[1]!
  if (disk !== 'same') world.write(0)
  if (disk === 'split') {
    world.part(0, 1)
    if (three) world.part(1, 2)
    Object.assign(dead, { running: true, up: true, isUpToDate: true })
    world.promote(1)
    world.write(1)
    world.powerOff(1)
    world.apart.clear()
  }
  if (disk === 'blank') Object.assign(dead, { disk: null, isUpToDate: false })
  if (disk === 'other')
    Object.assign(dead.disk!, { current: world.newId(), bitmap: new Map(), history: [], writes: new Set() })
  dead.running = true
  const known = new Map<string, string>()
  for (const from of world.hosts.keys())
    for (const to of world.peersOf(from)) known.set(`${from} ${to}`, endpointOf(before.nodes[to]!))
  const files = new Map<string, string>()
  for (const at of world.peersOf(1))
    for (const { path, content } of configFiles([before]))
      files.set(`${before.nodes[at]!.name}:${path}`, content)
  dead.up = isUp && dead.disk !== null
  if (gaveUp === 'survivor') world.leave(0, 1)
  else if (dead.up) world.leave(1, 0)
  const target = resource.nodes[1]!.name
  return {
    world,
    resource,
    files,
    known,
    log: [],
    consents: new Set(consents ? [`${target}:/dev/sdb`] : []),
    act: (effect) => effect(),
  }
}

/** @param limit to what the run is limited; to the node that comes back, when left out */
export async function run(site: Site, limit?: readonly string[]): Promise<string> {
  const vars = drbdRejoinVars.parse({ drbd_resources: [site.resource] })
  const names = site.resource.nodes.map(({ name }) => name)
  const own = modelledNodes(site, names, vars)
  const within = limit ?? [names[1]!]
  try {
    await role.run({
      nodes: own.named(...within),
      peers: own.named(...names.filter((name) => !within.includes(name))),
      vars,
      check: site.check ?? false,
      warn: () => {},
    } as unknown as Parameters<typeof role.run>[0])
    return 'done'
  } catch (error) {
    if (error instanceof Killed) return 'killed'
    return `${(error as Error).message}: ${(error as { details?: { seen?: string } }).details?.seen ?? ''}`
  }
}

export const PLAIN: Case = {
  disk: 'blank',
  isMoved: false,
  gaveUp: 'nobody',
  isUp: false,
  consents: false,
  nodes: 'two',
}
