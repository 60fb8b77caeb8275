import type { Place } from '../errors.ts'
import type { Var } from '../inventory/inventory.ts'
import { varOf } from '../inventory/var.ts'
import type { Problems } from '../problems.ts'
import { describe, placeOf } from '../yaml/located.ts'
import type { Entry, Located, LocatedMap } from '../yaml/located.ts'
import { expectMap, refuseOtherKeys, textOf } from '../yaml/shape.ts'
import { playRemedy, roleRemedy } from './ansible_keys.ts'
import type { Play, RoleEntry } from './playbook.ts'

/** A play, or the name of a playbook whose plays stand here (`import_playbook`). */
export type PlaybookItem = { play: Play } | { imports: string; at: Place }

const playKeys = ['name', 'hosts', 'roles', 'vars', 'serial', 'tags', 'any_errors_fatal']
const roleKeys = ['role', 'vars', 'tags']

/** Reads the list of plays that a playbook is; what is wrong is added to the problems. */
export function readPlaybook(root: Located, problems: Problems): PlaybookItem[] {
  if (root.kind !== 'list') {
    const inventory = root.kind === 'map' && root.entries.has('all')
    problems.add('PLAYBOOK_INVALID', `a playbook must be a list of plays, not ${describe(root)}`, {
      at: root.at,
      remedy: inventory
        ? 'This is an inventory: give it with -i.'
        : 'Start each play with a dash: "- name: …", below it "hosts:" and "roles:".',
    })
    return []
  }
  return root.items.map((item) => readItem(item, problems)).filter((item) => item !== null)
}

function readItem(item: Located, problems: Problems): PlaybookItem | null {
  if (item.kind !== 'map') {
    problems.add('PLAYBOOK_INVALID', `a play must be a map, not ${describe(item)}`, {
      at: item.at,
      remedy: 'Write "name:", "hosts:" and "roles:" below the dash.',
    })
    return null
  }
  const imports = item.entries.get('import_playbook')
  if (imports === undefined) return readPlay(item, problems)
  refuseOtherKeys(item, 'an import', ['import_playbook', 'name'], problems, 'PLAYBOOK_INVALID')
  const file = textOf(imports)
  if (file !== null && file !== '') return { imports: file, at: placeOf(imports) }
  problems.add('PLAYBOOK_INVALID', `import_playbook must name a file, not ${describe(imports.value)}`, {
    at: placeOf(imports),
    remedy: 'Write the path from this playbook: "import_playbook: other.yml".',
  })
  return null
}

function readPlay(map: LocatedMap, problems: Problems): PlaybookItem {
  refuseOtherKeys(map, 'a play', playKeys, problems, 'PLAYBOOK_INVALID', playRemedy)
  const read = entriesReader(map, problems)
  const hosts = read.hosts()
  const name = read.text('name', 'text') ?? hosts
  const fatal = read.boolean('any_errors_fatal') ?? true
  return {
    play: {
      name,
      hosts,
      hostsAt: map.entries.has('hosts') ? placeOf(map.entries.get('hosts')!) : map.at,
      serial: read.serial(),
      anyErrorsFatal: fatal,
      vars: read.vars('the play'),
      tags: read.tags(),
      roles: readRoles(map, problems),
      at: map.at,
    },
  }
}

function readRoles(map: LocatedMap, problems: Problems): RoleEntry[] {
  const roles = map.entries.get('roles')
  const remedy = 'List the roles below "roles:", one per line with a dash: "- preflight".'
  if (roles === undefined || (roles.value.kind === 'list' && roles.value.items.length === 0)) {
    const at = roles === undefined ? map.at : placeOf(roles)
    problems.add('PLAYBOOK_INVALID', 'the play has no "roles"', { at, remedy })
    return []
  }
  if (roles.value.kind === 'list')
    return roles.value.items.map((item) => readRole(item, problems)).filter((role) => role !== null)
  problems.add('PLAYBOOK_INVALID', `"roles" must be a list, not ${describe(roles.value)}`, {
    at: placeOf(roles),
    remedy,
  })
  return []
}

function readRole(item: Located, problems: Problems): RoleEntry | null {
  const plain = textOf({ key: item.at, value: item })
  if (plain !== null && plain !== '') return { role: plain, vars: new Map(), tags: [], at: item.at }
  const map = item.kind === 'map' ? item : null
  const named = map?.entries.get('role')
  const role = named === undefined ? null : textOf(named)
  if (map !== null)
    refuseOtherKeys(map, 'a role entry', roleKeys, problems, 'PLAYBOOK_INVALID', roleEntryRemedy)
  if (map === null || role === null || role === '') {
    const seen =
      map === null ? describe(item) : named === undefined ? 'a map without "role"' : describe(named.value)
    problems.add('PLAYBOOK_INVALID', `a role entry must name a role, not be ${seen}`, {
      at: named === undefined ? item.at : placeOf(named),
      remedy: 'Write "- preflight", or "- role: preflight" with "vars:" or "tags:" below it.',
    })
    return null
  }
  const read = entriesReader(map, problems)
  return { role, vars: read.vars(`the role ${role}`), tags: read.tags(), at: placeOf(named!) }
}

const roleEntryRemedy = (key: string): string | null =>
  roleRemedy(key) ??
  (roleKeys.includes(key)
    ? null
    : `A role entry takes: ${roleKeys.join(', ')}. Vars of the role go below "vars:".`)

const booleans = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['yes', true],
  ['no', false],
])

/** Readers of the keys that plays and role entries have in common. */
function entriesReader(map: LocatedMap, problems: Problems) {
  const wrong = (entry: Entry, message: string, remedy: string): null => {
    problems.add('PLAYBOOK_INVALID', `${message}, not ${describe(entry.value)}`, {
      at: placeOf(entry),
      remedy,
    })
    return null
  }
  const text = (key: string, what: string): string | null => {
    const entry = map.entries.get(key)
    if (entry === undefined) return null
    return textOf(entry) ?? wrong(entry, `"${key}" must be ${what}`, 'Put it into quotes.')
  }
  const list = (key: string): string[] | null => {
    const entry = map.entries.get(key)
    if (entry === undefined) return null
    const items = entry.value.kind === 'list' ? entry.value.items : [entry.value]
    const texts = items.map((item) => textOf({ key: entry.key, value: item }))
    if (texts.every((item) => item !== null)) return texts
    return wrong(entry, `"${key}" must be text or a list of texts`, `Write for example: ${key}: [one, two].`)
  }
  return {
    text,
    hosts: (): string => {
      const hosts = list('hosts')
      if (hosts === null && !map.entries.has('hosts'))
        problems.add('PLAYBOOK_INVALID', 'the play has no "hosts"', {
          at: map.at,
          remedy: 'Name the hosts or groups that it is for: "hosts: cluster", or "hosts: all".',
        })
      return (hosts ?? []).join(',')
    },
    tags: (): string[] =>
      (list('tags') ?? [])
        .flatMap((tags) => tags.split(',').map((tag) => tag.trim()))
        .filter((tag) => tag !== ''),
    boolean: (key: string): boolean | null => {
      const entry = map.entries.get(key)
      if (entry === undefined) return null
      const value = entry.value.kind === 'scalar' ? booleans.get(entry.value.value) : undefined
      return value ?? wrong(entry, `"${key}" must be true or false`, 'Write true or false.')
    },
    serial: (): Play['serial'] => {
      const entry = map.entries.get('serial')
      if (entry === undefined) return null
      const value = entry.value.kind === 'scalar' ? entry.value.value : null
      if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value
      if (typeof value === 'string' && /^[1-9]\d{0,3}$/.test(value)) return Number(value)
      if (typeof value === 'string' && /^([1-9]\d?|100)%$/.test(value)) return value as `${number}%`
      const remedy =
        'Write how many hosts go at a time, as "serial: 1", or a share of them, as "serial: 50%".'
      return wrong(entry, '"serial" must be a whole number from 1, or a share from 1% to 100%', remedy)
    },
    vars: (of: string): Map<string, Var> => {
      const entry = map.entries.get('vars')
      if (entry === undefined) return new Map()
      const remedy = 'Write one "name: value" per line below it.'
      const vars = expectMap(entry.value, `"vars" of ${of}`, remedy, problems, 'PLAYBOOK_INVALID')
      return new Map([...vars.entries].map(([name, value]) => [name, varOf(value, vars.at.file)]))
    },
  }
}
