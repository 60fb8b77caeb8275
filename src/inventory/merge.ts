import type { Var } from './inventory.ts'
import type { Layer, WrittenSetting } from './layer.ts'
import type { Written } from './read_groups.ts'
import type { Setting } from './setting_names.ts'
import type { VarsFiles } from './vars_files.ts'

export interface VarsBeside {
  readonly group: VarsFiles
  readonly host: VarsFiles
}

export interface LayerSources {
  readonly written: Written
  readonly inventorySide: readonly VarsBeside[]
  readonly playbookSide: readonly VarsBeside[]
}

/**
 * Merges what is said for a host, each later layer winning over the earlier ones, whole values replacing whole values.
 * The order is Ansible's own (its guide, "Understanding variable precedence", 3 to 10):
 *
 * 1. `vars` of groups in the inventory, `all` first, then from outer to inner groups
 * 2. `group_vars/all` beside the inventory, then beside the playbook
 * 3. `group_vars/NAME` beside the inventory, from outer to inner groups, then beside the playbook
 * 4. the host in the inventory
 * 5. `host_vars/NAME` beside the inventory, then beside the playbook
 *
 * @param groups of the host, from `all` inwards
 */
export function mergedLayers(
  host: string,
  groups: readonly string[],
  { written, inventorySide, playbookSide }: LayerSources,
): { vars: Map<string, Var>; settings: Map<Setting, WrittenSetting> } {
  const [all = 'all', ...inner] = groups
  const beside = (sides: readonly VarsBeside[], names: readonly string[], kind: 'group' | 'host'): Layer[] =>
    names.flatMap((name) => sides.flatMap((side) => (side[kind].get(name) ?? []).map(({ layer }) => layer)))
  const layers = [
    ...groups.flatMap((name) => written.groups.get(name)?.layers ?? []),
    ...beside(inventorySide, [all], 'group'),
    ...beside(playbookSide, [all], 'group'),
    ...beside(inventorySide, inner, 'group'),
    ...beside(playbookSide, inner, 'group'),
    ...(written.hosts.get(host)?.layers ?? []),
    ...beside(inventorySide, [host], 'host'),
    ...beside(playbookSide, [host], 'host'),
  ]
  const vars = new Map<string, Var>()
  const settings = new Map<Setting, WrittenSetting>()
  for (const layer of layers) {
    for (const [name, value] of layer.vars) vars.set(name, value)
    for (const [name, value] of layer.settings) settings.set(name, value)
  }
  return { vars, settings }
}
