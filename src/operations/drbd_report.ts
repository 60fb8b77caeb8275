import type { DrbdResource } from '../drbd/resource_schema.ts'
import { diskOf } from '../drbd/resource_nodes.ts'
import { parseDumpMd } from '../drbd/status/generation.ts'
import type { Said } from '../drbd/status/generation.ts'
import { giArguments, isUnclean } from '../drbd/status/generation_tuple.ts'
import type { DrbdNodeReport } from '../drbd/status/node_report.ts'
import { resourceStateOf } from '../drbd/status/kernel_state.ts'
import { isAttached, readNode } from '../drbd/status/read_node.ts'
import type { NodeAnswers } from '../drbd/status/read_node.ts'
import type { Tag } from '../shell/shell.ts'
import { drbdAnswers } from './drbd_answers.ts'

export interface ReportOptions {
  /** Whether the disks below are looked at too, for what else is on them. Default false. */
  readonly content?: boolean
}

/**
 * All that one node says about one resource. It only looks, and loads no module where there is none.
 *
 * @throws BringupError when the node does not answer, or not in the words of DRBD
 */
export async function drbdReport(
  { name: node, $ }: { readonly name: string; readonly $: { readonly read: Tag } },
  resource: DrbdResource,
  { content = false }: ReportOptions = {},
): Promise<DrbdNodeReport> {
  const read = $.read({ nothrow: true })
  const look = async (pieces: TemplateStringsArray, ...values: unknown[]): Promise<Said> => {
    const { exitCode, stdout, stderr } = await read(pieces, ...values)
    return { exitCode: exitCode ?? 1, stdout, stderr }
  }
  const { name, volumes, nodes, driver } = resource
  const format = driver === '9' ? 'v09' : 'v08'
  const answers = await drbdAnswers($.read)
  const isLoaded = answers.procDrbd !== ''
  const state = resourceStateOf(answers, resource)
  const attachedDisk = async (of: string) => ({ gi: await look`drbdadm get-gi ${of}`, dumpMd: undefined })
  /** As it is, whether or not there is a configuration yet. Given a minor, drbdmeta would have the module loaded. */
  const otherDisk = async (disk: string, minor: number) => {
    const drbdmeta = ['drbdmeta', isLoaded ? String(minor) : '-', format, disk, 'internal']
    const dumpMd = await look`${drbdmeta} dump-md </dev/null`
    if (!isUnclean(parseDumpMd(dumpMd))) return { dumpMd, gi: undefined }
    const told: Said[] = []
    // In turn: drbdmeta locks the minor, and does not wait for it.
    for (const { name: other, diskless, node_id: id } of nodes)
      if (other !== node && !diskless) told.push(await look`${[...drbdmeta, ...giArguments(format, id)]}`)
    return { dumpMd, gi: told.reduce(joined) }
  }
  const disks = await Promise.all(
    volumes.map(async ({ volume, ...rest }): Promise<NodeAnswers['disks'][number] | undefined> => {
      const disk = diskOf(rest, node)
      if (disk === undefined) return undefined
      const attached = isAttached(state, volume)
      const [{ gi, dumpMd }, blkid, wipefs] = await Promise.all([
        attached ? attachedDisk(`${name}/${volume}`) : otherDisk(disk, rest.minor),
        content ? look`blkid -p -o export ${disk}` : undefined,
        content ? look`wipefs -p ${disk}` : undefined,
      ])
      return { volume, gi, dumpMd, blkid, wipefs }
    }),
  )
  return readNode(resource, node, {
    ...answers,
    disks: disks.filter((disk) => disk !== undefined),
  })
}

const joined = (one: Said, other: Said): Said => ({
  exitCode: Math.max(one.exitCode, other.exitCode),
  stdout: `${one.stdout}\n${other.stdout}`,
  stderr: `${one.stderr}\n${other.stderr}`,
})
