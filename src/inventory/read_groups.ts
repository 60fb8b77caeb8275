import type { Place } from '../errors.ts'
import type { Problems } from '../problems.ts'
import { describe } from '../yaml/located.ts'
import type { Entry, Located } from '../yaml/located.ts'
import { expectMap, refuseOtherKeys } from '../yaml/shape.ts'
import { layerOf } from './layer.ts'
import type { Layer } from './layer.ts'
import { nameProblem, namesRemedy } from './names.ts'
import { expandRanges } from './ranges.ts'

export interface WrittenGroup {
  readonly name: string
  readonly at: Place
  /** Its `vars:`, one layer for each place that has some, in the order of the files. */
  readonly layers: Layer[]
  readonly children: Map<string, Place>
  readonly hosts: Set<string>
  /** `ansible_group_priority`: decides between groups of equal depth. */
  priority: number
}

export interface WrittenHost {
  readonly name: string
  readonly at: Place
  readonly layers: Layer[]
}

/** The inventory as its files say it, before groups are joined and vars merged. Both maps are in the order of the files. */
export interface Written {
  readonly groups: Map<string, WrittenGroup>
  readonly hosts: Map<string, WrittenHost>
}

export interface FileContext {
  /** For people, and as the source of vars. */
  readonly file: string
  readonly directory: string
  readonly problems: Problems
}

/** Adds what one file says: a map of groups at its top, which are children of `all` if nothing else. */
export function readGroups(root: Located, written: Written, context: FileContext): void {
  const map = expectMap(root, 'an inventory', inventoryRemedy, context.problems, 'INVENTORY_INVALID')
  for (const [name, entry] of map.entries) readGroup(name, entry, written, context)
}

const inventoryRemedy =
  'Write groups with hosts, as in Ansible: "all:", below it "hosts:", below that one line "server1:" per host.'

function readGroup(name: string, { key, value }: Entry, written: Written, context: FileContext): void {
  const { problems } = context
  const wrong = nameProblem(name)
  if (wrong !== null) {
    problems.add('INVENTORY_INVALID', `${wrong}, as a group`, { at: key, remedy: namesRemedy })
    return
  }
  const group = groupNamed(name, key, written)
  const what = `the group "${name}"`
  const body = expectMap(
    value,
    what,
    `Write "hosts:", "vars:" or "children:" below it.`,
    problems,
    'INVENTORY_INVALID',
  )
  refuseOtherKeys(body, what, ['hosts', 'vars', 'children'], problems, 'INVENTORY_INVALID', (unknown) =>
    unknown === 'roles' || unknown === 'tasks'
      ? 'This is a playbook, not an inventory: give it as the first argument.'
      : null,
  )

  // In the order of the file: the first mention of a host decides where it stands.
  for (const [part, entry] of body.entries) {
    if (part === 'vars') readVars(entry, group, context)
    if (part === 'hosts') readHosts(entry, group, written, context)
    if (part === 'children') readChildren(entry, group, written, context)
  }
}

function readVars({ value }: Entry, group: WrittenGroup, { file, directory, problems }: FileContext): void {
  const remedy = 'Write one "name: value" per line below it.'
  const map = expectMap(value, `"vars" of the group "${group.name}"`, remedy, problems, 'INVENTORY_INVALID')
  group.layers.push(layerOf(map, { source: file, directory, problems }))
  const priority = map.entries.get('ansible_group_priority')?.value
  if (priority?.kind === 'scalar' && typeof priority.value === 'number') group.priority = priority.value
}

function readChildren({ value }: Entry, group: WrittenGroup, written: Written, context: FileContext): void {
  const remedy = 'Write each child group as a key below it: "name:".'
  const what = `"children" of the group "${group.name}"`
  const map = expectMap(value, what, remedy, context.problems, 'INVENTORY_INVALID')
  for (const [name, entry] of map.entries) {
    if (nameProblem(name) === null) group.children.set(name, entry.key)
    readGroup(name, entry, written, context)
  }
}

function groupNamed(name: string, at: Place, { groups }: Written): WrittenGroup {
  const known = groups.get(name)
  if (known !== undefined) return known
  const group = { name, at, layers: [], children: new Map(), hosts: new Set<string>(), priority: 1 }
  groups.set(name, group)
  return group
}

function readHosts({ value }: Entry, group: WrittenGroup, written: Written, context: FileContext): void {
  const { problems } = context
  const remedy = 'Write each host as a key below it: "server1:" (with a colon, without a dash).'
  const map = expectMap(value, `"hosts" of the group "${group.name}"`, remedy, problems, 'INVENTORY_INVALID')
  for (const [pattern, entry] of map.entries) {
    const names = expandRanges(pattern)
    if (!Array.isArray(names)) {
      problems.add('INVENTORY_INVALID', `the host "${pattern}": ${names.problem}`, {
        at: entry.key,
        remedy: 'Write ranges as server[1:9], node[01:10], rack[a:c] or n[0:8:2].',
      })
      continue
    }
    const wrong = nameProblem(names[0] ?? '')
    if (wrong !== null) {
      problems.add('INVENTORY_INVALID', `${wrong}, as a host`, { at: entry.key, remedy: namesRemedy })
      continue
    }
    const vars = hostVars(pattern, entry.value, problems)
    const layer = layerOf(vars, { source: context.file, directory: context.directory, problems })
    for (const name of names) {
      group.hosts.add(name)
      const host = written.hosts.get(name) ?? { name, at: entry.key, layers: [] }
      written.hosts.set(name, host)
      if (layer.vars.size + layer.settings.size > 0) host.layers.push(layer)
    }
  }
}

function hostVars(name: string, value: Located, problems: Problems): ReturnType<typeof expectMap> {
  const remedy =
    value.kind === 'scalar' && typeof value.value === 'string'
      ? `Write the address below the name: "host: ${describe(value).slice(10, -1)}".`
      : 'Write its settings below it, one "name: value" per line, or nothing.'
  return expectMap(value, `the host "${name}"`, remedy, problems, 'INVENTORY_INVALID')
}
