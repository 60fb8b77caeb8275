import { posix } from 'node:path'
import { createInterface } from 'node:readline'
import { BringupError } from 'bringup'
import type { ApplyContext, Node, ReadContext } from 'bringup'
import { diskOf } from '../../src/drbd/resource_nodes.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { dumpReader, wholeVolume } from '../../src/drbd/split_brain/changed_blocks.ts'
import type { ChangedBlocks } from '../../src/drbd/split_brain/changed_blocks.ts'
import type { Heal } from '../../src/drbd/split_brain/question.ts'
import { roomFor } from '../../src/drbd/split_brain/room.ts'
import type { Place } from '../../src/drbd/split_brain/room.ts'
import {
  folderName,
  isFolderOf,
  parseRecord,
  RECORD,
  recordText,
} from '../../src/drbd/split_brain/saved_record.ts'
import type { SavedRecord } from '../../src/drbd/split_brain/saved_record.ts'
import { granted } from '../../src/drbd/verdict.ts'
import { withProgress } from '../../src/evacuation/tell_progress.ts'
import { atomicWrite } from '../../src/operations/atomic_write.ts'
import { contentOf } from '../../src/operations/content.ts'
import { output } from '../../src/operations/host_script.ts'
import { COMPARE, COPY, DUMP, LIST, PLACE } from './save_text.ts'
import type { HealVars } from './vars.ts'

export interface Saving {
  readonly resource: DrbdResource
  readonly heal: Heal & { kind: 'heal' }
  readonly what: 'changes' | 'disk'
  /** The folder of all saves. */
  readonly to: string
}

/**
 * Saves what the victim is about to lose, and compares it with the disk; the resource is down there. What was saved and is what
 * the disk still has is not saved again, and never is one save written over another; only a folder that was never finished is.
 */
export async function saveVictim(node: Node<HealVars>, saving: Saving): Promise<void> {
  const { resource, what, to } = saving
  let folder: string | undefined
  await node.task(`what only ${node.name} has of ${resource.name} is saved`, {
    met: async (context) => {
      if (context.check)
        return `save ${what === 'disk' ? 'all of its disk' : 'what it changed'} to ${to}, and compare`
      folder ??= await savedBefore(context, saving)
      return folder !== undefined || 'it is not yet'
    },
    apply: async (context) => {
      folder = await save(node, context, saving)
    },
  })
  if (folder !== undefined) node.note(`what only ${node.name} had of ${resource.name} is in ${folder}`)
}

/** Where it has room, as far as that is known before the resource is taken down. @throws BringupError REFUSED */
export async function placeOf(context: ReadContext, to: string): Promise<Place> {
  const text = (await output(context, `measure ${to}`, PLACE, [to])).toString().trim()
  const [type = '', free, size] = text.split(' ')
  return { folder: to, type, free: Number(free) * 1024, size: Number(size) * 1024 }
}

export const INSTEAD = 'Or give it up unsaved: -e heal_save=false.'

async function save(node: Node<HealVars>, context: ApplyContext, saving: Saving): Promise<string> {
  const { resource, heal, what, to } = saving
  const { name } = resource
  const unfinished = (await foldersOf(context, saving)).findLast(({ record }) => record === undefined)
  const folder = posix.join(to, unfinished?.folder ?? folderName(name, new Date()))
  const disks = disksOf(resource, node.name)
  const numbers = disks.map(({ volume }) => String(volume))
  await output(context, `read the bitmaps of ${name}`, DUMP, [name, folder, ...numbers])
  const peers = resource.nodes
    .filter((one) => heal.survivors.includes(one.name))
    .map(({ node_id }) => node_id)
  const found: { volume: number; disk: string; blocks: ChangedBlocks }[] = []
  for (const { volume, disk } of disks) {
    const changed = await changedIn(context, posix.join(folder, `volume-${volume}.metadata`), peers)
    found.push({ volume, disk, blocks: what === 'disk' ? wholeVolume(changed) : changed })
  }
  const total = found.reduce((sum, { blocks }) => sum + blocks.bytes, 0)
  granted(
    roomFor(
      total,
      await placeOf(context, to),
      `${name} is down on ${node.name}, and has lost nothing. ${INSTEAD}`,
    ),
  )
  const volumes = await withProgress(
    node,
    context,
    { name: `saving ${name}`, folder, total: total / 1024, there: 0 },
    async (at) => {
      const saved: SavedRecord['volumes'] = []
      for (const { volume, disk, blocks } of found) {
        at('copying')
        const ranges = blocks.ranges.map(({ offset, length }) => `${offset} ${length}\n`).join('')
        await write(context, posix.join(folder, `volume-${volume}.ranges`), ranges)
        await output(context, `save ${disk}`, COPY, [folder, String(volume), disk, String(blocks.size)])
        at('comparing')
        const { sha256, isEqual } = await compared(context, folder, name, { volume, disk })
        if (!isEqual) throw differs(folder, disk)
        const { size, bytes } = blocks
        saved.push({ volume, disk, size, ranges: blocks.ranges.length, bytes, sha256 })
      }
      return saved
    },
  )
  const record: SavedRecord = {
    resource: name,
    victim: node.name,
    survivors: [...heal.survivors],
    at: new Date().toISOString(),
    what,
    volumes,
  }
  await write(context, posix.join(folder, RECORD), recordText(record))
  return folder
}

/** A folder that has all of it already, as compared with the disk now. */
async function savedBefore(context: ReadContext, saving: Saving): Promise<string | undefined> {
  const { resource, what, to } = saving
  for (const { folder, record } of (await foldersOf(context, saving)).toReversed()) {
    if (record === undefined || record.victim !== context.host || (what === 'disk' && record.what !== 'disk'))
      continue
    const path = posix.join(to, folder)
    const all = await Promise.all(
      disksOf(resource, context.host).map(async (one) => {
        const saved = record.volumes.find(({ volume, disk }) => volume === one.volume && disk === one.disk)
        if (saved === undefined) return false
        const now = await compared(context, path, resource.name, one).catch(() => undefined)
        return now?.isEqual === true && now.isSame && now.sha256 === saved.sha256
      }),
    )
    if (all.every(Boolean)) return path
  }
  return undefined
}

async function foldersOf(
  context: ReadContext,
  { resource, to }: Saving,
): Promise<{ folder: string; record: SavedRecord | undefined }[]> {
  const text = (await output(context, `look into ${to}`, LIST, [to])).toString()
  return text
    .split('\n')
    .map((line) => {
      const [folder = '', record = ''] = line.split('\t')
      return { folder, record: parseRecord(record) }
    })
    .filter(({ folder }) => isFolderOf(resource.name, folder))
}

async function compared(
  context: ReadContext,
  folder: string,
  resource: string,
  { volume, disk }: { volume: number; disk: string },
): Promise<{ sha256: string; isEqual: boolean; isSame: boolean }> {
  const args = [folder, String(volume), disk, resource]
  const text = (await output(context, `compare ${folder} with ${disk}`, COMPARE, args)).toString()
  const [onDisk = '', inFile = '', same] = text.trim().split('\n')
  return { sha256: inFile, isEqual: onDisk === inFile && inFile !== '', isSame: same === 'same' }
}

async function changedIn(
  { remote }: ApplyContext,
  path: string,
  peers: readonly number[],
): Promise<ChangedBlocks> {
  const reader = dumpReader(peers)
  for await (const line of createInterface({ input: await remote.download(path) })) reader.line(line)
  const changed = reader.end()
  if (changed !== undefined) return changed
  throw new BringupError('REFUSED', 'what was changed cannot be read from the metadata', {
    expected: `a whole dump with a bitmap of each survivor: ${path}`,
    remedy: `Nothing was lost. Look at that file; to keep all of the disk instead: -e heal_save=disk. ${INSTEAD}`,
  })
}

const disksOf = (resource: DrbdResource, node: string): { volume: number; disk: string }[] =>
  resource.volumes.flatMap(({ volume, ...rest }) => {
    const disk = diskOf(rest, node)
    return disk === undefined ? [] : [{ volume, disk }]
  })

const write = (context: ApplyContext, path: string, text: string): Promise<void> =>
  atomicWrite(context, { path, mode: '0600', expected: null }, contentOf(text))

const differs = (folder: string, disk: string): BringupError =>
  new BringupError('CHANGED_MEANWHILE', `what was saved of ${disk} is not what the disk has`, {
    seen: folder,
    remedy:
      'Nothing was lost. See who writes to the disk, or whether one of the disks fails (dmesg), and run again.',
  })
