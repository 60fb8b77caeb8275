import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { BringupError } from '../../src/errors.ts'

/** Where everything of one lab is. All names follow from the lab's folder, so that what a crash left can be found. */
export interface LabPlace {
  name: string
  /** Unique on the machine, also between two clones of the project that both have a lab called `default`. */
  id: string
  /** What users see: keys, ssh_config, inventory, consoles. */
  dir: string
  /** The nodes' disks. Not under `dir`, where a search through the project would wander into them. */
  mounts: string
  netns: string
  netnsPath: string
  /** Name of the lab's control group, at the top of each hierarchy. */
  group: string
  lock: string
}

/** The folder of all labs: `BRINGUP_LAB_DIR`, or `.lab` in the project. */
export function labsRoot(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env['BRINGUP_LAB_DIR'] ?? join(import.meta.dirname, '../../.lab'))
}

/** Whether host names and interfaces can carry it. */
export const isLabName = (name: string): boolean => /^[a-z][a-z0-9-]{0,23}$/.test(name)

/** @throws BringupError USAGE for a name that host names and interfaces could not carry */
export function labPlace(name: string, root: string = labsRoot()): LabPlace {
  if (!isLabName(name)) {
    throw new BringupError('USAGE', `"${name}" is no name for a lab`, {
      remedy: 'Use up to 24 lower-case letters, digits and dashes, a letter first.',
    })
  }
  const dir = join(root, name)
  const id = `${name}-${createHash('sha256').update(dir).digest('hex').slice(0, 6)}`
  return {
    name,
    id,
    dir,
    mounts: `/run/bringup-lab/${id}`,
    netns: `bringup-${id}`,
    netnsPath: `/run/netns/bringup-${id}`,
    group: `bringup-${id}`,
    lock: `/run/lock/bringup-${id}.lock`,
  }
}

/** A node's folders: `root` is what it boots from, an overlay of the base (below) and `upper` (its own writes). */
export function nodeDisk(place: LabPlace, node: string): { root: string; upper: string; work: string } {
  const at = (part: string): string => join(place.mounts, node, part)
  return { root: at('root'), upper: at('upper'), work: at('work') }
}

export function consoleLog(place: LabPlace, node: string): string {
  return join(place.dir, 'console', `${node}.log`)
}
