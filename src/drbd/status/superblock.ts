import * as z from 'zod'
import type { Metadata, Said } from './generation.ts'
import { metadataOf, uuid, uuids } from './generation.ts'

const superblock = z.object({
  '#meta': z.object({ valid: z.string().optional() }).optional(),
  current_uuid: z.string(),
  node_id: z.int().default(-1),
  peers: z.array(z.object({ bitmap_uuid: z.string() })),
  history_uuids: z.array(z.string()),
})

/**
 * Reads `drbdmeta … v09 … dump-superblock --output-format=json` (utils 9.26 and later). Bitmaps and history must be
 * there: without them a disk could not be told to be fresh.
 */
export function parseSuperblock({ exitCode, stdout, stderr }: Said): Metadata {
  const said = `${stderr}\n${stdout}`.trim() || 'it said nothing'
  if (exitCode !== 0) {
    return /No valid meta data found/.test(said) ? { kind: 'none' } : { kind: 'unknown', said }
  }
  const read = superblock.safeParse(json(stdout))
  const valid = read.data?.['#meta']?.valid ?? 'VALID_MD_FOUND'
  if (!read.success || valid !== 'VALID_MD_FOUND') return { kind: 'unknown', said }
  const { current_uuid: current, node_id: nodeId, peers, history_uuids: history } = read.data
  return metadataOf(
    {
      current: uuid(current),
      bitmap: uuids(peers.map((peer) => peer.bitmap_uuid)),
      history: uuids(history),
    },
    nodeId < 0 ? undefined : nodeId,
    'v09',
  )
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
