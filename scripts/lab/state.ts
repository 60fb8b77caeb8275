import { readFile, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isLabName, labPlace, labsRoot } from './place.ts'
import type { LabPlace } from './place.ts'

export const releases = ['bullseye', 'bookworm', 'trixie'] as const
export type Release = (typeof releases)[number]

/** `containers` share this machine's kernel, and are there in a second; `vms` have kernels and disks of their own. */
export const kinds = ['containers', 'vms'] as const
export type Kind = (typeof kinds)[number]

const node = z.strictObject({
  name: z.string(),
  address: z.ipv4(),
  kind: z.enum(kinds),
  /** Packages whose files lie in its apt cache. */
  warm: z.array(z.string()),
  /** Packages that its disk comes with; virtual machines only. */
  installed: z.array(z.string()),
})
export type LabNode = z.infer<typeof node>

const labState = z.strictObject({
  /** Tells this lab from a later one of the same name. */
  incarnation: z.string(),
  release: z.enum(releases),
  nodes: z.array(node),
  client: node.nullable(),
  builder: node.nullable(),
  /** The process whose end is also the lab's; `start` (clock ticks after boot) tells it from a reused pid. */
  owner: z.strictObject({ pid: z.int(), start: z.string() }).nullable(),
  /** True once every node answered. */
  complete: z.boolean(),
})
export type LabState = z.infer<typeof labState>

const stateFile = (place: LabPlace): string => join(place.dir, 'lab.json')

/** The recorded state, or undefined where no lab was raised or its record is of another version. */
export async function readState(place: LabPlace): Promise<LabState | undefined> {
  const text = await readFile(stateFile(place), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return labState.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

export async function writeState(place: LabPlace, state: LabState): Promise<void> {
  await writeFile(`${stateFile(place)}.new`, JSON.stringify(state, null, 2) + '\n')
  await rename(`${stateFile(place)}.new`, stateFile(place))
}

/** Every machine of the lab: the servers, then those outside of the cluster. */
export function machines({ nodes, client, builder }: LabState): LabNode[] {
  return [...nodes, client, builder].filter((machine) => machine !== null)
}

/** Places of all labs that left a folder, whether they run or not. */
export async function allPlaces(root: string = labsRoot()): Promise<LabPlace[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory() && isLabName(entry.name))
    .map((entry) => labPlace(entry.name, root))
}
