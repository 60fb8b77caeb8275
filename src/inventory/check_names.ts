import { join } from 'node:path'
import { nearest } from '../nearest.ts'
import { shownPath } from '../path.ts'
import type { LoadContext } from './load.ts'
import type { Written } from './read_groups.ts'
import { settingNames } from './setting_names.ts'
import { filesByName } from './vars_files.ts'

/**
 * Finds names that would silently mean something else: a host called as a group, a file of vars for a group that is
 * spelt differently, a connection setting that is mistyped.
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
  for (const { layers } of [...groups.values(), ...hosts.values()])
    for (const [name, { at, nameAt }] of layers.flatMap((layer) => [...layer.vars]))
      checkSetting(name, nameAt ?? at, context)
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

function checkSetting(
  name: string,
  at: { file: string; line: number; column: number },
  context: LoadContext,
): void {
  if (!name.startsWith('ansible_')) return
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
