import type { KnownFailure } from './failures/failure.ts'
import { connectionFailures } from './failures/connection.ts'
import type { DrbdResource } from './resource_schema.ts'
import type { DrbdNodeReport } from './status/node_report.ts'

export interface Connections {
  /** What is not connected, in words, one per node and peer; empty when all are with all. */
  readonly missing: readonly string[]
  /** Nodes that have given a connection up, and will not try again by themselves. */
  readonly gaveUp: readonly string[]
}

/** Whether every node of a resource is connected with every other. */
export function connections(resource: DrbdResource, reports: readonly DrbdNodeReport[]): Connections {
  const missing: string[] = []
  const gaveUp = new Set<string>()
  for (const { name } of resource.nodes) {
    const state = reports.find(({ node }) => node === name)?.resource
    if (state === undefined) {
      missing.push(`${name} does not have ${resource.name} up`)
      continue
    }
    for (const { name: peer } of resource.nodes) {
      if (peer === name) continue
      const is = state.connections.find((one) => one.peer === peer)?.state ?? 'without a connection'
      if (is === 'Connected') continue
      missing.push(`${name} is ${is} to ${peer}`)
      if (is === 'StandAlone') gaveUp.add(name)
    }
  }
  return { missing, gaveUp: [...gaveUp] }
}

/**
 * Why a connection did not come about, from the kernel's log of one node.
 *
 * @returns the newest line that is understood, with what it means; undefined when none is
 */
export function whyUnconnected(
  resource: DrbdResource,
  log: string,
): (KnownFailure & { readonly line: string }) | undefined {
  const own = ownLines(resource, log)
  for (const line of own.toReversed()) {
    // What stands before the last time that it worked is over.
    if (/conn\( \S+ -> (Connected|WFBitMap\w) \)/.test(line)) return undefined
    const known = connectionFailures.find(({ says }) => says.test(line))
    if (known !== undefined) return { ...known, line: line.trim() }
  }
  return undefined
}

/** The lines of a kernel's log that are about one resource. */
export function ownLines({ name, volumes }: Pick<DrbdResource, 'name' | 'volumes'>, log: string): string[] {
  const mentions = [`drbd ${name}`, ...volumes.map(({ minor }) => `drbd${minor}`)]
  return log.split('\n').filter((line) => mentions.some((word) => named(line, word)))
}

/** `drbd1` is not `drbd10`. */
function named(line: string, word: string): boolean {
  const at = line.indexOf(word)
  return at !== -1 && !/[\w.+-]/.test(line[at + word.length] ?? '')
}
