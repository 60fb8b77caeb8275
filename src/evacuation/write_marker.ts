import { posix } from 'node:path'
import type { Node } from '../run/node.ts'
import { MARKER_PATH, markerText } from './marker.ts'
import type { Marker } from './marker.ts'

/** Writes down how far the evacuation of a node is; on its disk when this resolves. */
export async function writeMarker(node: Pick<Node, 'directory' | 'file'>, marker: Marker): Promise<void> {
  await node.directory({ path: posix.dirname(MARKER_PATH), parents: true })
  await node.file(
    { path: MARKER_PATH, content: markerText(marker), mode: '0600' },
    { name: `the evacuation is recorded: ${marker.phase}` },
  )
}
