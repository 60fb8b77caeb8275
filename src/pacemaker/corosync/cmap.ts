import type { Section } from './conf.ts'

/** Keys of corosync's configuration map with their values as text: `totem.token` → `3000`. */
export type Cmap = ReadonlyMap<string, string>

/** Reads `corosync-cmapctl`: what the running corosync has. */
export function parseCmap(stdout: string): Cmap {
  return new Map(
    [...stdout.matchAll(/^(\S+) \(\w+\) = (.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]),
  )
}

/** Ids of the nodes that a running corosync is in one membership with, its own too. */
export function membersIn(cmap: Cmap): number[] {
  return [...cmap].flatMap(([key, value]) => {
    // corosync 2: runtime.totem.pg.mrp.srp.members.1.status
    const id = /^runtime\.(?:totem\.pg\.mrp\.srp\.)?members\.(\d+)\.status$/.exec(key)?.[1]
    return id !== undefined && value === 'joined' ? [Number(id)] : []
  })
}

/** What a running corosync would have in its map of this file, of the sections that bringup writes (coroparse.c). */
export function cmapOf(conf: Section): Cmap {
  const map = new Map<string, string>()
  let nodes = 0
  for (const section of conf.entries) {
    if (!('name' in section)) continue
    const { name } = section
    if (name !== 'totem' && name !== 'quorum' && name !== 'logging' && name !== 'nodelist') continue
    let interfaces = 0
    for (const entry of section.entries) {
      if (!('name' in entry)) map.set(`${name}.${entry.key}`, entry.value)
      else if (entry.name === 'node') addAll(map, `nodelist.node.${nodes++}`, entry)
      else if (entry.name === 'interface') {
        const number = numberOf(entry) ?? interfaces
        interfaces += 1
        addAll(map, `totem.interface.${number}`, entry)
      } else if (entry.name === 'logger_subsys')
        addAll(map, `logging.logger_subsys.${subsysOf(entry)}`, entry)
    }
  }
  return map
}

function addAll(map: Map<string, string>, prefix: string, section: Section): void {
  for (const entry of section.entries) {
    // What numbers a section is in the name of its keys.
    if ('name' in entry || ['linknumber', 'ringnumber', 'subsys'].includes(entry.key)) continue
    map.set(`${prefix}.${entry.key}`, entry.value)
  }
}

const option = (section: Section, ...keys: string[]): string | undefined =>
  section.entries.flatMap((entry) => ('key' in entry && keys.includes(entry.key) ? [entry.value] : []))[0]

const numberOf = (section: Section): number | undefined => {
  const text = option(section, 'linknumber', 'ringnumber')
  return text === undefined ? undefined : Number(text)
}

const subsysOf = (section: Section): string => option(section, 'subsys') ?? ''
