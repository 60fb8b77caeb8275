import type { PcsDialect } from './dialect.ts'
import { chosen, pairs, waiting } from './refuse.ts'

/** The commands that are spelt the same from 0.9 to 0.12. */
export const nodeCommands: Pick<
  PcsDialect,
  | 'clusterStop'
  | 'clusterEnable'
  | 'clusterDisable'
  | 'clusterDestroy'
  | 'nodeClear'
  | 'standby'
  | 'unstandby'
  | 'maintenance'
  | 'unmaintenance'
  | 'propertySet'
  | 'status'
> = {
  clusterStop: (nodes, { force = false } = {}) => ({
    argv: ['pcs', 'cluster', 'stop', ...chosen(nodes), ...(force ? ['--force'] : [])],
  }),
  clusterEnable: (nodes) => ({ argv: ['pcs', 'cluster', 'enable', ...chosen(nodes)] }),
  clusterDisable: (nodes) => ({ argv: ['pcs', 'cluster', 'disable', ...chosen(nodes)] }),
  // pcs asks back only when standard input and output are terminals, so that no --force is needed.
  clusterDestroy: (nodes) => ({ argv: ['pcs', 'cluster', 'destroy', ...chosen(nodes)] }),
  nodeClear: (node) => ({ argv: ['pcs', 'cluster', 'node', 'clear', node] }),
  standby: (node, { wait } = {}) => ({ argv: ['pcs', 'node', 'standby', node, ...waiting(wait)] }),
  unstandby: (node, { wait } = {}) => ({ argv: ['pcs', 'node', 'unstandby', node, ...waiting(wait)] }),
  maintenance: (node) => ({ argv: ['pcs', 'node', 'maintenance', node] }),
  unmaintenance: (node) => ({ argv: ['pcs', 'node', 'unmaintenance', node] }),
  propertySet: (properties) => ({ argv: ['pcs', 'property', 'set', ...pairs(properties)] }),
  status: () => ({ argv: ['pcs', 'status', '--full'] }),
}
