import { BringupError } from 'bringup'
import type { ApplyContext, Node, ReadContext } from 'bringup'
import { PINNED } from '../../src/evacuation/copy_text.ts'
import { copyTree } from '../../src/evacuation/copy_tree.ts'
import { ETC_TREE, manifestOf, VZ_TREE } from '../../src/evacuation/layout.ts'
import type { Phase } from '../../src/evacuation/tell_progress.ts'
import { withProgress } from '../../src/evacuation/tell_progress.ts'
import { VZ } from '../../src/evacuation/vz_disk.ts'
import { writeMarker } from '../../src/evacuation/write_marker.ts'
import { output } from '../../src/operations/host_script.ts'
import type { RestoreStep } from './decide.ts'

export type Restoring = Extract<RestoreStep, { kind: 'restore' }> & { readonly device: string }

/**
 * Brings the copy onto the file system that is mounted at /vz, and compares it with what was written down when it was
 * made. Only a file system that was empty is ever written to, or the one that this was begun on.
 */
export async function restore(node: Node, on: Restoring): Promise<void> {
  const { was, copy, onto, begun } = on
  await node.package({ names: ['rsync', 'attr', 'acl'] })
  let size = 0
  await node.require(
    `the copy is whole in ${copy.to}`,
    async (context) => {
      size = await sizeOfCopy(context, on)
      return true
    },
    '',
  )
  if (!begun)
    await node.require(
      `the file system for ${VZ} is empty`,
      async (context) => (await firstFile(context)) ?? true,
      'Nothing of it was touched. Move away what is in it, or see whether it is another one than it should be.',
    )
  await writeMarker(node, { phase: 'restoring', was, copy, onto })
  let compared = false
  await node.task(`${VZ} is restored from ${copy.to}, and compared`, {
    met: async () => compared || 'copy, and compare by checksum',
    apply: async (context) => {
      const what = { name: `restoring ${VZ}`, folder: VZ, total: size, there: 0 }
      await withProgress(node, context, what, (at) => bringBoth(context, on, at))
      compared = true
    },
  })
}

// What lies there, and its manifests as the marker knows them.
const WHOLE = `
cd -- "$1" && [ -d ${VZ_TREE} ] || exit 1
sum() { sha256sum <"$1" | cut -c 1-64; }
[ "$(sum ${manifestOf(VZ_TREE)})" = "$2" ] || { echo "${manifestOf(VZ_TREE)} is not the one of the evacuation" >&2; exit 1; }
[ -z "$3" ] || [ "$(sum ${manifestOf(ETC_TREE)})" = "$3" ] || { echo "${manifestOf(ETC_TREE)} is not the one of the evacuation" >&2; exit 1; }
du -s -k . | cut -f 1`

async function sizeOfCopy(context: ReadContext, { copy }: Restoring): Promise<number> {
  const said = output(context, `find the copy of ${VZ}`, WHOLE, [copy.to, copy.vz, copy.etc ?? ''])
  return Number((await said).toString())
}

const EMPTY = `find ${VZ} -xdev -mindepth 1 ! -path ${VZ}/lost+found -print | head -n 1`

async function firstFile(context: ReadContext): Promise<string | undefined> {
  const found = (await output(context, `look into ${VZ}`, EMPTY, [])).toString().trim()
  return found === '' ? undefined : `it holds ${found}`
}

async function bringBoth(
  context: ApplyContext,
  { copy, device, onto }: Restoring,
  at: (phase: Phase) => void,
): Promise<void> {
  const pinned = { folder: VZ, on: { device, uuid: onto.uuid, readOnly: false } }
  const trees = [
    { tree: VZ_TREE, target: PINNED, skipped: copy.etc === null ? '' : `./${ETC_TREE}`, wanted: copy.vz },
    ...(copy.etc === null
      ? []
      : [{ tree: ETC_TREE, target: `${PINNED}/${ETC_TREE}`, skipped: '', wanted: copy.etc }]),
  ]
  for (const { tree, target, skipped, wanted } of trees) {
    const found = await copyTree(
      context,
      {
        pinned,
        source: `${copy.to}/${tree}`,
        target,
        skipped,
        work: copy.to,
        manifests: { expected: manifestOf(tree), found: `${tree}.restored` },
        known: true,
      },
      at,
    )
    if (found !== wanted)
      throw new BringupError('CHANGED_MEANWHILE', `the manifest of ${copy.to} changed as it was restored`, {
        expected: wanted,
        seen: found,
        remedy: `Nothing was lost: the copy is in ${copy.to}. See who writes there, and run again.`,
      })
  }
}
