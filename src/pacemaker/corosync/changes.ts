import type { Cmap } from './cmap.ts'
import { isAtLeast } from './version.ts'
import type { CorosyncVersion } from './version.ts'

/**
 * What a running corosync needs for a setting. `reload`: `corosync-cfgtool -R`, which interrupts nothing. `in turn`: a
 * restart of each node, one after the other. `together`: a stop of all nodes, since old and new do not hear each other.
 * `never`: this is another cluster, or another node.
 */
export type Effort = 'reload' | 'in turn' | 'together' | 'never'

export interface RunningChange {
  /** The key of corosync's map, as `totem.token`. */
  readonly key: string
  /** `totem.token 1000 → 3000` */
  readonly text: string
  readonly effort: Effort
}

/** In order of gravity. */
const EFFORTS = ['never', 'together', 'in turn', 'reload'] as const

/** The gravest of several. */
export function gravest(efforts: readonly Effort[]): Effort | undefined {
  return EFFORTS.find((effort) => efforts.includes(effort))
}

/** The sections of the file that are in the map under their own names. */
const WRITTEN = /^(totem|nodelist|quorum|logging)\./

/** Keys that corosync puts there itself, where the file does not (totemconfig.c). */
const OF_ITS_OWN =
  /^(nodelist\.local_node_pos|totem\.interface\.\d+\.(mcastaddr|mcastport|linknumber|ringnumber))$/

/** Where there is a nodelist, corosync binds to the address in it, and puts that into its map. */
const BOUND = /^totem\.interface\.\d+\.bindnetaddr$/

/** How what runs differs from what is wanted, and what each difference needs. @param wanted as `cmapOf` gives it */
export function changesOf(wanted: Cmap, running: Cmap, version: CorosyncVersion): RunningChange[] {
  const is = byNode(running)
  const want = byNode(wanted)
  const gone = [...is.keys()].filter((key) => WRITTEN.test(key) && !OF_ITS_OWN.test(key) && !want.has(key))
  return [...want.keys(), ...gone].flatMap((key) => {
    const [before, after] = [is.get(key), want.get(key)]
    if (before === after || BOUND.test(key)) return []
    return [
      {
        key,
        text: `${key} ${before ?? '(unset)'} → ${after ?? '(unset)'}`,
        effort: effortOf(key, before, after, { is, version }),
      },
    ]
  })
}

interface Running {
  readonly is: Cmap
  readonly version: CorosyncVersion
}

const isQuiet = (value: string | undefined): boolean => value === undefined || value === '0'

/** Sources: remove_ro_entries() in exec/cfg.c of 2.4 to 3.1, votequorum.c, corosync.conf(5). */
function effortOf(
  key: string,
  before: string | undefined,
  after: string | undefined,
  { is, version }: Running,
): Effort {
  if (key === 'totem.cluster_name') return before === undefined ? 'together' : 'never'
  if (key.startsWith('logging.')) return 'reload'
  if (key.startsWith('nodelist.')) return ofNode(key, before, is)
  if (key.startsWith('quorum.')) {
    if (key === 'quorum.two_node' || key === 'quorum.expected_votes') return 'reload'
    if (key === 'quorum.provider') return 'together'
    // All others are off by themselves, and wait_for_all on with two_node.
    const isSame = key !== 'quorum.wait_for_all' && isQuiet(before) && isQuiet(after)
    return isSame ? 'reload' : 'in turn'
  }
  if (/^totem\.(crypto_(cipher|hash|model)|secauth|keyfile)$/.test(key))
    return isAtLeast(version, [3, 1]) && is.get('totem.transport') === 'knet' ? 'reload' : 'together'
  if (/^totem\.(transport|ip_version|rrp_mode|netmtu|version|threads)$/.test(key)) return 'together'
  if (key.startsWith('totem.interface.')) {
    const option = key.split('.').at(-1) ?? ''
    if (option.startsWith('knet_') && option !== 'knet_transport') return 'in turn'
    return 'together'
  }
  return 'reload'
}

/** A node that comes is let in by a reload; one that has other addresses is not heard by those who have the old ones. */
function ofNode(key: string, before: string | undefined, is: Cmap): Effort {
  const [, name = '', option = ''] = /^nodelist\.node (.*)\.(\w+)$/.exec(key) ?? []
  const isNew = !is.has(`nodelist.node ${name}.name`)
  if (isNew) return 'reload'
  if (option === 'nodeid') return before === undefined ? 'together' : 'never'
  return 'together'
}

/** Nodes go by their names in it, and not by their places in the list. Those without one go by their addresses. */
function byNode(map: Cmap): Cmap {
  const prefix = /^nodelist\.node\.(\d+)\./
  return new Map(
    [...map].map(([key, value]) => {
      const place = prefix.exec(key)?.[1]
      if (place === undefined) return [key, value]
      const name =
        map.get(`nodelist.node.${place}.name`) ?? map.get(`nodelist.node.${place}.ring0_addr`) ?? ''
      return [key.replace(prefix, `nodelist.node ${name}.`), value]
    }),
  )
}
