import type { Effort } from '../../src/pacemaker/corosync/changes.ts'
import { membersIn } from '../../src/pacemaker/corosync/cmap.ts'
import { KEY_STAMP } from './paths.ts'
import type { CorosyncView } from './view.ts'

/** Where the key comes from. */
export type KeySource =
  /** `instead`: digest of the one that the first node has; null where it has none. */
  | { readonly do: 'make'; readonly instead: string | null }
  | { readonly do: 'take'; readonly from: string; readonly digest: string }
  | { readonly do: 'refuse'; readonly seen: string; readonly remedy: string }

/** A key that is there is kept, and given to those that have none; two different ones are for somebody to judge. */
export function keySource(views: readonly CorosyncView[], word: 'keep' | 'replace'): KeySource {
  const owners = views.filter(({ key }) => key !== null)
  const [first] = owners
  if (word === 'replace' || first?.key == null) return { do: 'make', instead: views[0]?.key ?? null }
  const digests = [...new Set(owners.map(({ key }) => key))]
  if (digests.length === 1) return { do: 'take', from: first.name, digest: first.key }
  const groups = digests.map((digest) => owners.filter(({ key }) => key === digest).map(({ name }) => name))
  return {
    do: 'refuse',
    seen: `nodes have different keys: ${groups.map((names) => names.join(' and ')).join(' against ')}`,
    remedy:
      'Where you know whose is right: rm /etc/corosync/authkey on the others, and run this again; they are given that one. For a new one on all: -e corosync_key=replace',
  }
}

/**
 * Which nodes run a corosync that may have another key than the one in the file, by what each of them needs. That one has
 * the file's is told by itself (it was told to read it), by the file's age, or by one that has it and hears it.
 *
 * @param reload whether the running corosync can read its key again
 */
export function keyEfforts(
  views: readonly CorosyncView[],
  digest: string,
  reload: boolean,
): ReadonlyMap<string, Effort> {
  const running = views.filter(({ cmap }) => cmap !== null)
  const has = (view: CorosyncView): boolean => {
    const stamp = view.cmap?.get(KEY_STAMP)
    return view.key === digest && (stamp === undefined ? !view.isKeyNewer : stamp === digest)
  }
  const proven = running.filter(has)
  const heard = new Set(proven.flatMap(({ cmap }) => (cmap === null ? [] : membersIn(cmap))))
  const unproven = running.filter((view) => {
    const id = Number(view.cmap?.get('runtime.votequorum.this_node_id') ?? Number.NaN)
    return !proven.includes(view) && !heard.has(id)
  })
  const effort = proven.length > 0 ? 'in turn' : reload ? 'reload' : 'together'
  return new Map(unproven.map(({ name }) => [name, effort]))
}
