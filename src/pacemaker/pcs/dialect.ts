import type { ClusterNode, ClusterWanted } from '../corosync/cluster_schema.ts'

/** A command for an argument vector; never a command line. */
export interface CommandLine {
  readonly argv: readonly string[]
  /** The command reads the password of the user from its standard input, as one line. */
  readonly stdin?: 'password'
}

export type PcsGeneration = '0.9' | '0.10' | '0.11' | '0.12'

/** All nodes, the node that the command runs on, or some by name. */
export type NodeChoice = 'all' | 'local' | readonly string[]

/**
 * The pcs commands of one generation. Each function gives the command, or refuses what this generation cannot express
 * (BringupError REFUSED) before anything is run.
 */
export interface PcsDialect {
  readonly generation: PcsGeneration
  /** Makes pcs on this node known to pcsd on the others. */
  hostAuth(nodes: readonly ClusterNode[], user?: string): CommandLine
  /** Whether pcsd on the nodes knows this one; exits 2 when not all do. {@link parsePcsdStatus} reads its output. */
  authStatus(nodes: readonly string[]): CommandLine
  /** `force` overwrites what is left of another cluster on the nodes; without it pcs refuses there. */
  clusterSetup(want: ClusterWanted, options?: { force?: boolean }): CommandLine
  /** Changes options that a running cluster takes by a reload. */
  configUpdate(
    want: Pick<ClusterWanted, 'transport_options' | 'totem' | 'crypto' | 'compression'>,
  ): CommandLine
  clusterStart(nodes: NodeChoice, options?: { wait?: number }): CommandLine
  clusterStop(nodes: NodeChoice, options?: { force?: boolean }): CommandLine
  clusterEnable(nodes: NodeChoice): CommandLine
  clusterDisable(nodes: NodeChoice): CommandLine
  /** Destroys the cluster on this node, or on all: configuration, keys and CIB are gone. */
  clusterDestroy(nodes: 'all' | 'local'): CommandLine
  nodeAdd(
    node: ClusterNode,
    options?: { start?: boolean; wait?: number; enable?: boolean; force?: boolean },
  ): CommandLine
  /** `dead`: the node cannot be reached, so that neither it nor the quorum without it can be asked. */
  nodeRemove(node: string, options?: { dead?: boolean }): CommandLine
  /** Makes the cluster forget a node that was removed. */
  nodeClear(node: string): CommandLine
  standby(node: string, options?: { wait?: number }): CommandLine
  unstandby(node: string, options?: { wait?: number }): CommandLine
  maintenance(node: string): CommandLine
  unmaintenance(node: string): CommandLine
  /** Sets cluster properties. To take one away, declare it as null in the CIB: pcs fails where there is none. */
  propertySet(properties: Readonly<Record<string, string>>): CommandLine
  status(): CommandLine
}

export const HACLUSTER = 'hacluster'
