import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SOURCES_LOCK } from '../drbd/sources_lock.ts'
import { BringupError } from '../errors.ts'
import { resolveFrom, shownPath } from '../path.ts'
import type { Problems } from '../problems.ts'
import { readText } from '../yaml/read_text.ts'
import { readYaml } from '../yaml/read_yaml.ts'
import { refuseSharedAddresses } from './addresses.ts'
import { consentsOf, refuseConsentOfGroups } from './consent.ts'
import { connectionSettings, sharesAddress } from './connection_settings.ts'
import { groupTree } from './group_tree.ts'
import type { Host, Inventory } from './inventory.ts'
import { mergedLayers } from './merge.ts'
import { readGroups } from './read_groups.ts'
import type { Written } from './read_groups.ts'
import { checkNames, checkSettings } from './check_names.ts'
import { readVarsFiles } from './vars_files.ts'

export interface LoadContext {
  readonly cwd: string
  readonly problems: Problems
  /** Takes things worth saying that are not wrong. */
  readonly note: (text: string) => void
  /** Its `group_vars` and `host_vars` count too. */
  readonly playbookDirectory?: string
}

/**
 * Loads an inventory: a file, or a directory of `*.yml` and `*.yaml`, or several of either, the later ones winning;
 * with the `group_vars` and `host_vars` beside them and beside the playbook. What is wrong is added to the problems.
 */
export function loadInventory(paths: readonly string[], context: LoadContext): Inventory {
  const { cwd, problems } = context
  const written: Written = { groups: new Map(), hosts: new Map() }
  const besides = new Set<string>()
  for (const path of paths) {
    const source = resolveFrom(cwd, path)
    try {
      const { files, directory } = filesOf(source, shownPath(cwd, source))
      besides.add(directory)
      for (const file of files) readFile(file, written, context)
    } catch (error) {
      problems.take(error)
    }
  }
  const tree = groupTree(written, problems)
  checkNames(written, [...besides], context)
  const wanted = { groups: new Set(tree.members.keys()), hosts: new Set(written.hosts.keys()) }
  const filesBeside = (directory: string) => ({
    group: readVarsFiles(join(directory, 'group_vars'), wanted.groups, context),
    host: readVarsFiles(join(directory, 'host_vars'), wanted.hosts, context),
  })
  const inventorySide = [...besides].map(filesBeside)
  const { playbookDirectory } = context
  const playbookSide =
    playbookDirectory === undefined || besides.has(playbookDirectory) ? [] : [filesBeside(playbookDirectory)]
  const ofGroups = [...inventorySide, ...playbookSide].flatMap(({ group }) => [...group.values()].flat())
  refuseConsentOfGroups(
    [...written.groups.values()].flatMap(({ layers }) => layers),
    problems,
  )
  refuseConsentOfGroups(
    ofGroups.map(({ layer }) => layer),
    problems,
  )

  const hosts = new Map<string, Host>()
  const mayShare = new Set<string>()
  for (const { name, at } of written.hosts.values()) {
    const groups = tree.groupsOf.get(name) ?? ['all']
    const { vars, settings } = mergedLayers(name, groups, { written, inventorySide, playbookSide })
    checkSettings(vars, context)
    hosts.set(name, {
      name,
      groups,
      vars,
      connection: connectionSettings(name, settings, context),
      consents: consentsOf(settings, problems),
      at,
    })
    if (sharesAddress(settings, context)) mayShare.add(name)
  }
  refuseSharedAddresses(hosts.values(), mayShare, problems)
  return {
    file: inventoryName(paths, cwd),
    hosts,
    groups: tree.members,
  }
}

/** What an inventory is called in plans, journals and errors. */
export const inventoryName = (paths: readonly string[], cwd: string): string =>
  paths.map((path) => shownPath(cwd, resolveFrom(cwd, path))).join(', ')

/** The inventory's files, and the directory that its `group_vars` are in. */
function filesOf(path: string, shown: string): { files: string[]; directory: string } {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return { files: [path], directory: dirname(path) }
  const names = readdirSync(path).filter((name) => /^[^.].*\.ya?ml$/.test(name) && name !== SOURCES_LOCK)
  if (names.length === 0)
    throw new BringupError('FILE_UNREADABLE', `${shown} is a directory without any *.yml`, {
      remedy: 'Name an inventory file, or a directory of them.',
    })
  return { files: names.toSorted().map((name) => join(path, name)), directory: path }
}

function readFile(path: string, written: Written, { cwd, problems }: LoadContext): void {
  const shown = shownPath(cwd, path)
  const text = readText(path, shown)
  if (looksLikeIni(text)) {
    problems.add('INVENTORY_INVALID', "an inventory in Ansible's INI form, not YAML", {
      at: { file: shown, line: 1, column: 1 },
      remedy: `Convert it once: ansible-inventory -i ${shown} --list --yaml`,
    })
    return
  }
  const root = readYaml({ text, file: shown, directory: dirname(path) }, problems)
  if (root !== null) readGroups(root, written, { file: shown, directory: dirname(path), problems })
}

/** A first line like `[cluster]` or `[all:vars]`, which in YAML would be a list, and something below it. */
function looksLikeIni(text: string): boolean {
  const lines = text.split('\n', 1000).map((line) => line.trim())
  const [first = '', second = ''] = lines.filter((line) => line !== '' && !/^[#;]/.test(line))
  return /^\[[A-Za-z_][\w.-]*(:\w+)?\]$/.test(first) && second !== ''
}
