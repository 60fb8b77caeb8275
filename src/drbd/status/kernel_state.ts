import { parseDrbdsetupStatus } from './drbdsetup_json.ts'
import type { ResourceState } from './node_report.ts'
import { parseProcDrbd, resourceOfMinors } from './proc_drbd.ts'

/** What a node answered when its kernel was asked about DRBD. */
export interface KernelAnswers {
  /** /proc/drbd; empty where no module is loaded. To be looked at first, as drbdsetup loads one. */
  readonly procDrbd: string
  /** `drbdsetup status --json`; undefined where it was not asked: 8.4 does not know it and says all in /proc/drbd. */
  readonly status: string | undefined
}

/**
 * What the kernel of a node has of one resource, whichever driver it runs; undefined when it does not have it.
 *
 * @param peer the other node of a pair: 8.4 does not say who it is
 * @throws BringupError NOT_MET when the status is not what drbdsetup prints
 */
export function resourceStateOf(
  answers: KernelAnswers,
  { name, volumes }: { name: string; volumes: readonly { volume: number; minor: number }[] },
  peer = OTHER_NODE,
): ResourceState | undefined {
  const proc = parseProcDrbd(answers.procDrbd)
  if (proc?.version.startsWith('8.')) return resourceOfMinors(proc, { name, peer, volumes })
  return resourceStates(answers).find((one) => one.name === name)
}

/** The same of all resources. 8.4 knows no names there: each minor is one of its own, called `drbd0`. */
export function resourceStates({ procDrbd, status }: KernelAnswers): ResourceState[] {
  const proc = parseProcDrbd(procDrbd)
  if (proc === undefined) return []
  if (!proc.version.startsWith('8.')) return status === undefined ? [] : parseDrbdsetupStatus(status)
  return proc.minors.flatMap(
    ({ minor }) =>
      resourceOfMinors(proc, { name: `drbd${minor}`, peer: OTHER_NODE, volumes: [{ volume: 0, minor }] }) ??
      [],
  )
}

const OTHER_NODE = 'the other node'
