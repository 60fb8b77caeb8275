import type { Tag } from 'bringup'
import { diskOf } from '../../src/drbd/resource_nodes.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import type { RejoinQuestion, VolumeSizes } from '../../src/drbd/rejoin/question.ts'
import { drbdReport } from '../../src/operations/drbd_report.ts'

/** A node that can be looked at, in `inspect` as in `run`. */
interface Looked {
  readonly name: string
  readonly $: { readonly read: Tag }
}

interface Group {
  map<T>(look: (node: Looked) => Promise<T>): Promise<T[]>
}

/** All that the decision is made from, asked of all nodes at one moment. */
export async function lookAll(
  resource: DrbdResource,
  target: Looked,
  survivors: Group,
  versions: RejoinQuestion['versions'],
): Promise<RejoinQuestion> {
  const [own, theirs, sizes] = await Promise.all([
    drbdReport(target, resource),
    survivors.map((node) => drbdReport(node, resource)),
    sizesOf(resource, target, survivors),
  ])
  return { resource, target: target.name, reports: [own, ...theirs], sizes, versions }
}

async function sizesOf(resource: DrbdResource, target: Looked, survivors: Group): Promise<VolumeSizes[]> {
  return Promise.all(
    resource.volumes.map(async ({ volume, minor, disks }) => {
      const disk = diskOf({ disks }, target.name)
      const [own, theirs] = await Promise.all([
        // 0 where there is nothing to read, as a drive without its disk.
        disk === undefined ? undefined : numberOf(target.$.read, ['blockdev', '--getsize64', disk]),
        survivors.map((node) => numberOf(node.$.read, ['cat', `/sys/block/drbd${minor}/size`])),
      ])
      const known = theirs.filter((sectors) => sectors !== undefined)
      return { volume, disk: own, data: known.length === 0 ? undefined : Math.max(...known) * 512 }
    }),
  )
}

async function numberOf(read: Tag, command: readonly string[]): Promise<number | undefined> {
  const { exitCode, stdout } = await read({ nothrow: true })`${command}`
  const text = stdout.trim()
  return exitCode === 0 && /^\d+$/.test(text) ? Number(text) : undefined
}
