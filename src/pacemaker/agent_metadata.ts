import { role } from './cib/meaning.ts'
import type { ResourceOperation } from './cib/resource_schema.ts'
import { child, elements, parseXml } from './xml.ts'

/** Actions that the cluster runs by itself; the others (meta-data, validate-all, status, on, off) are not its operations. */
const CLUSTERS = new Set([
  'demote',
  'migrate_from',
  'migrate_to',
  'monitor',
  'notify',
  'promote',
  'reload',
  'reload-agent',
  'start',
  'stop',
])

/**
 * The operations that an agent advises, from its metadata (`crm_resource --show-metadata AGENT`), sorted as pcs writes
 * them. A monitor without an interval is advised every 60 seconds, as pcs does.
 */
export function parseAdvice(metadata: string): ResourceOperation[] {
  const actions = child(parseXml(metadata, 'crm_resource --show-metadata'), 'actions')
  if (actions === undefined) return []
  return elements(actions, 'action')
    .map(({ attributes }) => attributes)
    .filter(({ name = '' }) => CLUSTERS.has(name))
    .map((action): ResourceOperation => {
      const { name = '', timeout, interval, depth } = action
      const own = action.role === undefined ? undefined : role(action.role)
      return {
        name,
        interval: interval ?? (name === 'monitor' ? '60s' : '0s'),
        timeout,
        role: own as ResourceOperation['role'],
        options: depth === undefined || depth === '0' ? {} : { OCF_CHECK_LEVEL: depth },
      }
    })
    .filter(({ name, timeout }) => name === 'monitor' || timeout !== undefined)
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}
