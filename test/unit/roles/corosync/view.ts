import { KEY_STAMP } from '../../../../roles/corosync/paths.ts'
import type { CorosyncView } from '../../../../roles/corosync/view.ts'
import { cmapOf } from '../../../../src/pacemaker/corosync/cmap.ts'
import { confOf } from '../../../../src/pacemaker/corosync/render.ts'
import type { WrittenCluster } from '../../../../src/pacemaker/corosync/written_schema.ts'
import { cluster } from '../../pacemaker/corosync/written.ts'

export interface Seen {
  readonly key?: string | null
  readonly isKeyNewer?: boolean
  /** The digest of the key that it was told to read. */
  readonly told?: string
  readonly runs?: boolean
  readonly members?: readonly number[]
  /** What its file says; null for none. */
  readonly file?: WrittenCluster | null
  /** What it runs with, where that is not what its file says. */
  readonly running?: WrittenCluster
  readonly resources?: readonly string[]
}

/** server1, server2, … as it may be found: in all that is not said, as a member that runs as its file says. */
export function view(id: number, seen: Seen = {}): CorosyncView {
  const {
    key = 'a',
    isKeyNewer = false,
    runs = true,
    members = [1, 2],
    file = cluster(),
    resources = [],
  } = seen
  const map = new Map([
    ...cmapOf(confOf(seen.running ?? file ?? cluster(), { version: [3, 1] })),
    ['runtime.votequorum.this_node_id', String(id)],
    ...members.map((member) => [`runtime.members.${member}.status`, 'joined'] as const),
    ...(seen.told === undefined ? [] : [[KEY_STAMP, seen.told] as const]),
  ])
  return {
    name: `server${id}`,
    version: [3, 1],
    conf: file === null ? null : confOf(file, { version: [3, 1] }),
    key,
    isKeyNewer,
    pacemaker: runs,
    cmap: runs ? map : null,
    resources,
  }
}
