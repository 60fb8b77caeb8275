import { confLines } from '../conf_lines.ts'
import type { ConfLine } from '../conf_lines.ts'
import { GLOBAL_COMMON } from '../config_files.ts'
import { setsCommon } from '../foreign_config.ts'
import { renderResource, resourceFilePath } from '../render/resource_file.ts'
import type { DrbdResource } from '../resource_schema.ts'

/** The files of one survivor; null where there is no such file. */
export interface SurvivorFiles {
  readonly node: string
  readonly resource: string | null
  readonly common: string | null
}

export type SameConfig =
  | { readonly kind: 'equal' }
  /** Only the node that comes back is called otherwise, has another address or another disk. */
  | { readonly kind: 'moved'; readonly changes: readonly string[]; readonly survivors: readonly string[] }
  | {
      readonly kind: 'differs'
      readonly node: string
      /** `-` what the survivor has, `+` what the inventory says. */
      readonly differences: readonly string[]
    }

/**
 * Whether the survivors are configured as the inventory says. What they run is what the data live by: an inventory that
 * says otherwise is that of another cluster, or has two nodes swapped.
 *
 * @throws BringupError VALIDATION_FAILED where a file cannot be read
 */
export function sameConfig(
  resource: DrbdResource,
  target: string,
  files: readonly SurvivorFiles[],
): SameConfig {
  const wanted = confLines(renderResource(resource))
  const moved = new Map<string, string[]>()
  for (const { node, resource: text, common } of files) {
    const path = resourceFilePath(resource)
    if (text === null) return { kind: 'differs', node, differences: [`- ${path} is not there`, `+ ${path}`] }
    if (common !== null && setsCommon(common))
      return {
        kind: 'differs',
        node,
        differences: [`- ${GLOBAL_COMMON} has settings in "common"`, `+ settings stand in ${path} only`],
      }
    const found = asTarget(confLines(text), resource, target)
    const changes = differences(found.lines, wanted)
    if (changes.some(({ line }) => !mayMove(line, target)))
      return { kind: 'differs', node, differences: shown(changes) }
    const all = [...(found.was === target ? [] : [`- on ${found.was}`, `+ on ${target}`]), ...shown(changes)]
    if (all.length > 0) moved.set(node, all)
  }
  if (moved.size === 0) return { kind: 'equal' }
  return { kind: 'moved', changes: [...new Set([...moved.values()].flat())], survivors: [...moved.keys()] }
}

/** The lines with the new name of the node in the place of the old one, where there is one host that nobody else is. */
function asTarget(
  lines: readonly ConfLine[],
  { nodes }: DrbdResource,
  target: string,
): { lines: readonly ConfLine[]; was: string } {
  const hosts = new Set(lines.flatMap(([, section]) => /^on (\S+)$/.exec(section ?? '')?.[1] ?? []))
  const survivors = nodes.map(({ name }) => name).filter((name) => name !== target)
  const [was, another] = [...hosts].filter((name) => !survivors.includes(name))
  if (was === undefined || another !== undefined || was === target) return { lines, was: target }
  const renamed = (part: string, at: number): string => {
    if (at === 1 && part === `on ${was}`) return `on ${target}`
    return part.startsWith('hosts ') || part.startsWith('host ')
      ? part
          .split(' ')
          .map((word, index) => (index > 0 && word === was ? target : word))
          .join(' ')
      : part
  }
  return { lines: lines.map((line) => line.map(renamed)), was }
}

/** Its address, and the disk below. The node_id and the minors are what data and peers know it by. */
const mayMove = ([, section, ...rest]: ConfLine, target: string): boolean =>
  section === `on ${target}` && /^(address|disk) /.test(rest.at(-1) ?? '')

interface Difference {
  readonly mark: '-' | '+'
  readonly line: ConfLine
}

function differences(found: readonly ConfLine[], wanted: readonly ConfLine[]): Difference[] {
  const without = (
    lines: readonly ConfLine[],
    others: readonly ConfLine[],
    mark: '-' | '+',
  ): Difference[] => {
    const left = others.map(keyOf)
    return lines.flatMap((line) => {
      const at = left.indexOf(keyOf(line))
      if (at === -1) return [{ mark, line }]
      left.splice(at, 1)
      return []
    })
  }
  return [...without(found, wanted, '-'), ...without(wanted, found, '+')]
}

const keyOf = (line: ConfLine): string => line.join('\0')
const shown = (changes: readonly Difference[]): string[] =>
  changes.map(({ mark, line }) => `${mark} ${line.slice(1).join(': ')}`)
