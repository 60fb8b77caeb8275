import type { Nodes, Tag } from 'bringup'
import { servicesOn } from '../../src/cluster/planned/services.ts'
import { diskOf } from '../../src/drbd/resource_nodes.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { deviceStory } from '../../src/drbd/split_brain/device_story.ts'
import type { DeviceStory } from '../../src/drbd/split_brain/device_story.ts'
import type { NodeStory } from '../../src/drbd/split_brain/explain.ts'
import { KERNEL_LOG, kernelStory } from '../../src/drbd/split_brain/kernel_log.ts'
import type { HealQuestion } from '../../src/drbd/split_brain/question.ts'
import { drbdReport } from '../../src/operations/drbd_report.ts'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import type { ClusterStatus } from '../../src/pacemaker/crm_mon.ts'
import type { HealVars } from './vars.ts'

export type Members = Nodes<HealVars>

export interface Look {
  readonly question: HealQuestion
  /** By node. */
  readonly devices: ReadonlyMap<string, readonly VolumeDevice[]>
}

interface VolumeDevice {
  readonly volume: number
  readonly story: DeviceStory
}

// Mounts, swap and what the kernel has on top: of DRBD's device, and of the disk below, which somebody may look into. The file
// system's own times come from the disk itself: the cache of the disk knows nothing of what DRBD writes.
const DEVICE = `
minor=$1 disk=$2
number=$(stat -L -c '%t %T' -- "$disk" 2>/dev/null) && set -- $number && number=$((0x$1)):$((0x$2)) || number=none
awk -v a="147:$minor" -v b="$number" '$3 == a || $3 == b { print "mount " $5 }' /proc/self/mountinfo || exit 1
for device in "/dev/drbd$minor" "$disk"; do
  path=$(readlink -f -- "$device") || continue
  awk -v path="$path" '$1 == path { print "swap" }' /proc/swaps
  name=\${path##*/}
  for holder in /sys/class/block/$name/holders/*; do
    case \${holder##*/} in '*' | drbd*) ;; *) echo "holder \${holder##*/}" ;; esac
  done
done
head=$(mktemp) && trap 'rm -f "$head"' EXIT
if dd if="$disk" of="$head" iflag=direct bs=4096 count=1 status=none 2>/dev/null; then
  echo "magic $(od -A n -t x1 -j 1080 -N 2 "$head")"
  echo "times $(od -A n -t u4 -j 1068 -N 8 "$head")"
fi
exit 0`

/** What the cluster says, asked of whoever has one that runs; undefined where none does. */
export async function clusterOf(members: Members): Promise<ClusterStatus | undefined> {
  const all = await members.map(async ({ $ }) => {
    const { exitCode, stdout } = await $.read({ nothrow: true, timeout: 60 })`sh -c ${CRM_MON}`
    return exitCode === 0 && /<nodes[\s>/]/.test(stdout) ? parseCrmMon(stdout) : undefined
  })
  const statuses = all.filter((one) => one !== undefined)
  return statuses.find(({ quorate }) => quorate) ?? statuses[0]
}

/** What is decided from, of one moment. */
export async function lookAt(
  members: Members,
  resource: DrbdResource,
  cluster: ClusterStatus | undefined,
): Promise<Look> {
  const all = await members.map(async (node) => {
    const [report, devices] = await Promise.all([
      drbdReport(node, resource),
      devicesOf(node.$.read, resource, node.name),
    ])
    const runs = cluster === undefined ? [] : servicesOn(cluster, node.name)
    const uses = [...devices.flatMap(({ story }) => story.uses), ...runs.map((id) => `${id} runs there`)]
    return { node: node.name, report, uses: [...new Set(uses)], devices }
  })
  return {
    question: {
      resource,
      reports: all.map(({ report }) => report),
      victim: members.first.vars.victim,
      uses: new Map(all.map(({ node, uses }) => [node, uses])),
    },
    devices: new Map(all.map(({ node, devices }) => [node, devices])),
  }
}

/** What else there is to tell of it, to whoever has to decide. */
export async function storiesOf(
  members: Members,
  { question: { resource }, devices }: Look,
): Promise<ReadonlyMap<string, NodeStory>> {
  const all = await members.map(async ({ name, $ }) => {
    const { stdout } = await $.read({ nothrow: true, timeout: 120 })`sh -c ${KERNEL_LOG}`
    const fileSystems = new Map(
      (devices.get(name) ?? []).flatMap(({ volume, story }) =>
        story.fileSystem === undefined ? [] : [[volume, story.fileSystem] as const],
      ),
    )
    return [name, { kernel: kernelStory(resource, stdout), fileSystems }] as const
  })
  return new Map(all)
}

async function devicesOf(read: Tag, { volumes }: DrbdResource, node: string): Promise<VolumeDevice[]> {
  const all = volumes.map(async ({ volume, minor, ...rest }) => {
    const disk = diskOf(rest, node)
    if (disk === undefined) return []
    const { stdout } = await read({ timeout: 60 })`sh -c ${DEVICE} sh ${minor} ${disk}`
    return [{ volume, story: deviceStory(stdout) }]
  })
  return (await Promise.all(all)).flat()
}
