import type { XmlElement } from '../xml.ts'
import { role } from './meaning.ts'

/**
 * Which words a CIB is written in. Its schema decides, not the version of pacemaker: a cluster that was updated keeps
 * its old schema until someone upgrades it (`cibadmin --upgrade`), and the old schema refuses the new words.
 */
export interface Generation {
  /** `pacemaker-3.9` as [3, 9]. */
  readonly schema: readonly [number, number]
  /** Promoted and Unpromoted rather than Master and Slave: from schema 3.7 on (pacemaker 2.1). */
  readonly promotedWords: boolean
  /** `<master>` rather than a clone with `promotable=true`: before schema 3.0 (pacemaker 1.1). */
  readonly masterElement: boolean
}

export function generationOf(cib: XmlElement): Generation {
  const found = /^pacemaker-(\d+)\.(\d+)$/.exec(cib.attributes['validate-with'] ?? '')
  // Validation turned off or a development schema: the newest words, which every reader of such a CIB knows.
  const schema: [number, number] = found ? [Number(found[1]), Number(found[2])] : [4, 0]
  const before = (major: number, minor: number) =>
    schema[0] < major || (schema[0] === major && schema[1] < minor)
  return { schema, promotedWords: !before(3, 7), masterElement: before(3, 0) }
}

/** A role in the words of this generation. */
export function roleWord(word: string, generation: Generation): string {
  const known = role(word)
  const old: Record<string, string> = { Promoted: 'Master', Unpromoted: 'Slave' }
  return generation.promotedWords ? known : (old[known] ?? known)
}

const METAS: Record<string, string> = { 'master-max': 'promoted-max', 'master-node-max': 'promoted-node-max' }

/** The modern name of a clone's meta attribute; pacemaker 1.1 and 2 take `master-max` for `promoted-max`. */
export function modernMeta(name: string): string {
  return METAS[name] ?? name
}

/** The name of a clone's meta attribute in this generation. */
export function metaName(name: string, generation: Generation): string {
  const modern = modernMeta(name)
  if (!generation.masterElement) return modern
  return Object.keys(METAS).find((old) => METAS[old] === modern) ?? modern
}
