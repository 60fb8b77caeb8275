import type { DrbdResource } from '../drbd/resource_schema.ts'
import { diskOf } from '../drbd/resource_nodes.ts'
import type { Said } from '../drbd/status/generation.ts'
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
  const { name, volumes } = resource
  const answers = await drbdAnswers($.read)
  const isLoaded = answers.procDrbd !== ''
  const state = resourceStateOf(answers, resource)
  const disks = await Promise.all(
    volumes.map(async ({ volume, ...rest }): Promise<NodeAnswers['disks'][number] | undefined> => {
      const disk = diskOf(rest, node)
      if (disk === undefined) return undefined
      const attached = isAttached(state, volume)
      const of = `${name}/${volume}`
      const [gi, dumpMd, blkid, wipefs] = await Promise.all([
        attached ? look`drbdadm get-gi ${of}` : undefined,
        // It would load the module too.
        attached || !isLoaded ? undefined : look`drbdadm dump-md ${of} </dev/null`,
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
