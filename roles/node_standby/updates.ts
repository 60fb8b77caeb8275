import { isRefusal, releaseOf } from '../../src/drbd/versions.ts'
import { lookForReboot } from '../../src/operations/reboot_needed.ts'
import { updatesDue } from '../../src/operations/upgrade.ts'
import type { Node } from 'bringup'
import { dueKernels, isLeftOver, outdated } from '../drbd_module/decide.ts'
import { modulesOn } from '../drbd_module/look.ts'
import { isInstalled } from '../drbd_utils/install.ts'
import type { NodeStandbyVars } from './vars.ts'

type Member = Node<NodeStandbyVars>

/** What the roles of a rolling update have to do on a node, in words; empty where it is as new as it should be. */
export async function updatesOf(node: Member): Promise<string[]> {
  const due: string[] = []
  await node.require(
    'what there is to update',
    async (context) => {
      if (node.vars.base_update) due.push(...(await updatesDue(context)))
      if (node.vars.reboot) due.push(...(await lookForReboot(context.$.read)).reasons)
      due.push(...(await moduleOf(node)), ...(await utilsOf(node)))
      return true
    },
    '',
  )
  return due
}

async function moduleOf(node: Member): Promise<string[]> {
  const { drbd_version, drbd_signing } = node.vars
  const release =
    drbd_version === undefined || drbd_version === 'in-tree' ? null : releaseOf('drbd', drbd_version)
  if (release === null || isRefusal(release)) return []
  const wanted = { name: `drbd-${release.text}`, signed: drbd_signing !== undefined }
  const modules = await modulesOn(node, ['drbd'])
  const kernels = dueKernels([{ node: node.name, modules }], wanted).filter(
    (kernel) => !isLeftOver(kernel, [modules.running]),
  )
  return kernels.length > 0 || outdated(modules).length > 0 ? [`DRBD ${release.text}`] : []
}

async function utilsOf(node: Member): Promise<string[]> {
  const { drbd_utils_version: version } = node.vars
  const release = version === undefined || version === 'package' ? null : releaseOf('drbd-utils', version)
  if (release === null || isRefusal(release) || (await isInstalled(node, release))) return []
  return [`drbd-utils ${release.text}`]
}
