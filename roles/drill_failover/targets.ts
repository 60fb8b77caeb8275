import { BringupError } from 'bringup'
import type { DrillVars } from './vars.ts'

/** What is watched: the address, the folder that the file system is mounted on, and the ids of the two resources. */
export interface DrillTargets {
  readonly address: string
  readonly directory: string
  readonly ids: readonly [string, string]
}

export function drillTargets(vars: DrillVars): DrillTargets {
  const { drill_resource: vip, drill_filesystem: fs } = vars
  return {
    address: option(vars, vip, 'ip', 'drill_resource'),
    directory: option(vars, fs, 'directory', 'drill_filesystem'),
    ids: [vip, fs],
  }
}

function option({ cluster_resources }: DrillVars, id: string, name: string, by: string): string {
  const found = cluster_resources.find((resource) => resource.id === id)?.options[name]
  if (typeof found === 'string') return found
  throw new BringupError('VAR_INVALID', `cluster_resources has no ${id} with the option ${name}`, {
    remedy: `Name the resource that has it in ${by}.`,
  })
}
