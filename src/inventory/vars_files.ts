import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { shownPath } from '../path.ts'
import type { Problems } from '../problems.ts'
import { readText } from '../yaml/read_text.ts'
import { readYaml } from '../yaml/read_yaml.ts'
import { expectMap } from '../yaml/shape.ts'
import { layerOf } from './layer.ts'
import type { Layer } from './layer.ts'

export interface VarsFile {
  readonly shown: string
  readonly layer: Layer
}

/** By name of a group or host: its files, in the order they are read; later ones win. */
export type VarsFiles = ReadonlyMap<string, readonly VarsFile[]>

/**
 * Reads a `group_vars` or `host_vars` directory: `NAME`, `NAME.yml`, `NAME.yaml`, `NAME.json`, or a directory `NAME`
 * with such files in it, which are read in alphabetical order, directories within as well.
 * @param wanted the names that matter; files for others are not read
 */
export function readVarsFiles(
  directory: string,
  wanted: ReadonlySet<string>,
  context: { cwd: string; problems: Problems },
): VarsFiles {
  const found = new Map<string, VarsFile[]>()
  const from = new Map<string, string>()
  for (const entry of entriesOf(directory)) {
    const name = nameOf(entry)
    if (name === null || !wanted.has(name)) continue
    const path = join(directory, entry.name)
    const other = from.get(name)
    if (other !== undefined) {
      context.problems.add(
        'INVENTORY_INVALID',
        `both ${other} and ${entry.name} hold the vars of "${name}"`,
        {
          at: { file: shownPath(context.cwd, path), line: 1, column: 1 },
          remedy: 'Keep one: Ansible would read one and silently leave out the other.',
        },
      )
      continue
    }
    from.set(name, entry.name)
    const paths = entry.isDirectory() ? filesIn(path) : [path]
    const files = paths.map((file) => readVarsFile(file, context)).filter((file) => file !== null)
    found.set(name, files)
  }
  return found
}

/** The files of a `group_vars` or `host_vars` directory by the name that they are for. */
export function filesByName(directory: string): ReadonlyMap<string, string> {
  return new Map(
    entriesOf(directory).flatMap((entry) => {
      const name = nameOf(entry)
      return name === null ? [] : [[name, join(directory, entry.name)] as const]
    }),
  )
}

function readVarsFile(path: string, { cwd, problems }: { cwd: string; problems: Problems }): VarsFile | null {
  const shown = shownPath(cwd, path)
  try {
    const text = readText(path, shown)
    if (text.startsWith('$ANSIBLE_VAULT')) {
      problems.add('YAML_SYNTAX', 'a file encrypted by ansible-vault, which bringup can not read', {
        at: { file: shown, line: 1, column: 1 },
        remedy: 'Decrypt it with ansible-vault, then encrypt its values with `bringup secrets encrypt`.',
      })
      return null
    }
    const root = readYaml({ text, file: shown, directory: dirname(path) }, problems)
    if (root === null) return null
    const map = expectMap(
      root,
      'a file of vars',
      'Write one "name: value" per line.',
      problems,
      'INVENTORY_INVALID',
    )
    return { shown, layer: layerOf(map, { source: shown, directory: dirname(path), problems }) }
  } catch (error) {
    problems.take(error)
    return null
  }
}

type DirectoryEntry = ReturnType<typeof entriesOf>[number]

function nameOf(entry: DirectoryEntry): string | null {
  if (entry.name.startsWith('.') || entry.name.endsWith('~')) return null
  if (entry.isDirectory()) return entry.name
  return /^(.+?)(?:\.(?:ya?ml|json))?$/.exec(entry.name)?.[1] ?? null
}

function filesIn(directory: string): string[] {
  return entriesOf(directory).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name.endsWith('~')) return []
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return filesIn(path)
    return /\.(ya?ml|json)$/.test(entry.name) || !entry.name.includes('.') ? [path] : []
  })
}

/** Sorted by name, symbolic links followed; empty where there is no such directory. */
function entriesOf(directory: string): { name: string; isDirectory(): boolean }[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .map((entry) => {
        if (!entry.isSymbolicLink()) return entry
        const target = statSync(join(directory, entry.name), { throwIfNoEntry: false })
        return { name: entry.name, isDirectory: () => target?.isDirectory() ?? false }
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}
