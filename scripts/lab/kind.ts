import { BringupError } from '../../src/errors.ts'
import type { Builder } from './base.ts'
import type { Hierarchies } from './cgroup.ts'
import type { ExecOptions, ExecResult } from './exec.ts'
import type { LabPlace } from './place.ts'
import type { LabNode, Release } from './state.ts'

/** How the machines of a lab are made. What they all are is a control group: killed is power cut, frozen is hung. */
export interface MachineKind {
  /** The name that a node's network interface has there. */
  readonly networkInterface: string
  /** Makes the disks of these nodes, each open at its `nodeDisk(…).root`, to be furnished. */
  openDisks(place: LabPlace, nodes: readonly LabNode[], release: Release, builder: Builder): Promise<void>
  /** Boots a node and waits until it takes logins. @throws BringupError LAB_FAILED with what the console said, TIMEOUT */
  boot(place: LabPlace, node: LabNode, hierarchies: Hierarchies): Promise<void>
  isOn(place: LabPlace, node: string, hierarchies: Hierarchies): Promise<boolean>
  /** Runs a command on a node as root; a string is a script for sh. */
  exec(
    place: LabPlace,
    node: string,
    command: string | readonly string[],
    options: ExecOptions & { hierarchies: Hierarchies },
  ): Promise<ExecResult>
}

export const isOff = (place: LabPlace, node: string): BringupError =>
  new BringupError('LAB_FAILED', `${node} of lab ${place.name} is off`, { remedy: 'Power it on first.' })
