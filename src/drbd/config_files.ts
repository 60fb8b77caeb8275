import type { Driver } from './keywords.ts'
import { renderGlobalCommon } from './render/global_common.ts'
import { renderResource, resourceFilePath } from './render/resource_file.ts'
import type { DrbdResource } from './resource_schema.ts'

export interface ConfigFile {
  readonly path: string
  readonly content: string
}

export const GLOBAL_COMMON = '/etc/drbd.d/global_common.conf'

/** The files that make up the configuration, in the order in which drbdadm is to read them. */
export function configFiles(resources: readonly DrbdResource[]): ConfigFile[] {
  return [
    { path: GLOBAL_COMMON, content: renderGlobalCommon() },
    ...resources.map((resource) => ({
      path: resourceFilePath(resource),
      content: renderResource(resource),
    })),
  ]
}

/** Makes drbdadm parse for a driver whether or not it is loaded: `DRBD_DRIVER_VERSION_OVERRIDE`. */
export const PARSER_VERSION: Record<Driver, string> = { '8.4': '8.4.11', '9': '9.2.16' }
