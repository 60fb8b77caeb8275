import { join } from 'node:path'
import type { Place } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { shownPath } from '../path.ts'
import type { Vars } from './inventory.ts'
import type { LoadContext } from './load.ts'
import type { Written } from './read_groups.ts'
import { settingNames } from './setting_names.ts'
import { filesByName } from './vars_files.ts'

/**
 * Finds names that would silently mean something else: a host called as a group, or a file of vars for a group that
 * is spelt differently.
 */
export function checkNames(written: Written, directories: readonly string[], context: LoadContext): void {
  const { groups, hosts } = written
  const { problems } = context
  for (const { name, at } of hosts.values())
    if (groups.has(name) || name === 'all' || name === 'ungrouped')
      problems.add('INVENTORY_INVALID', `"${name}" is the name of a host and of a group`, {
        at,
        remedy: 'Rename one of them, so that a pattern says which is meant.',
      })
  for (const directory of directories) {
    checkFiles(join(directory, 'group_vars'), [...groups.keys(), 'all', 'ungrouped'], 'group', context)
    checkFiles(join(directory, 'host_vars'), [...hosts.keys()], 'host', context)
  }
}

function checkFiles(
  directory: string,
  known: readonly string[],
  kind: 'group' | 'host',
  { cwd, problems }: LoadContext,
): void {
  const files = filesByName(directory)
  for (const [name, file] of files) {
    // Files for groups of other inventories are usual; one that misses a name by a letter is not.
    const meant = known.includes(name) ? null : nearest(name, known)
    if (meant === null || files.has(meant)) continue
    problems.add('INVENTORY_INVALID', `there is no ${kind} "${name}" (did you mean "${meant}"?)`, {
      at: { file: shownPath(cwd, file), line: 1, column: 1 },
      remedy: `Rename it to "${meant}", or the ${kind} in the inventory to "${name}".`,
    })
  }
}

/** A var of Ansible's that is none of its settings that we know: mistyped, or without a meaning here. */
export function checkSettings(vars: Vars, context: LoadContext): void {
  for (const [name, { at, nameAt }] of vars)
    if (name.startsWith('ansible_')) checkSetting(name, nameAt ?? at, context)
}

function checkSetting(name: string, at: Place, context: LoadContext): void {
  const ansible = [...settingNames.keys()].filter((known) => known.startsWith('ansible_'))
  const meant = nearest(name, ansible)
  if (meant === null) {
    context.note(`${at.file}:${at.line}: ${name} means nothing to bringup`)
    return
  }
  context.problems.add('INVENTORY_INVALID', `unknown setting ${name} (did you mean "${meant}"?)`, {
    at,
    remedy: `Write ${meant}.`,
  })
}
