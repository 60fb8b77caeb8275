import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BringupError } from '../../src/errors.ts'
import { mounts } from './mounts.ts'
import { waitFor } from './wait.ts'

/**
 * Where control groups are mounted. Every node is a group of its own, so the kernel knows which processes are its,
 * whatever forked them: no pid files, nothing found by name. `unified` (version 2) kills and freezes a group at once;
 * on machines that also have systemd's hierarchy of version 1, systemd-nspawn looks at both.
 */
export interface Hierarchies {
  unified: string
  all: string[]
}

/** @throws BringupError LAB_UNAVAILABLE without control groups of version 2 */
export async function findHierarchies(): Promise<Hierarchies> {
  const all = (await mounts()).filter(
    ({ type, options }) =>
      type === 'cgroup2' || (type === 'cgroup' && /(^|,)name=systemd(,|$)/.test(options)),
  )
  const unified = all.find(({ type }) => type === 'cgroup2')?.point
  if (unified === undefined) {
    throw new BringupError('LAB_UNAVAILABLE', 'this machine has no control groups of version 2 mounted', {
      remedy: 'Mount them: mount -t cgroup2 none /sys/fs/cgroup.',
    })
  }
  return { unified, all: [...new Set(all.map(({ point }) => point))] }
}

/** The group of one machine of a lab. */
export const nodeGroup = ({ group }: { group: string }, node: string): string => `${group}/${node}`

/** Makes a group in every hierarchy and gives the files that a process writes itself into to join it. */
export async function makeGroup({ all }: Hierarchies, group: string): Promise<string[]> {
  await Promise.all(all.map((top) => mkdir(join(top, group), { recursive: true })))
  return all.map((top) => join(top, group, 'cgroup.procs'))
}

/** Stops or resumes every process of a group. */
export async function freezeGroup({ unified }: Hierarchies, group: string, frozen: boolean): Promise<void> {
  await writeFile(join(unified, group, 'cgroup.freeze'), frozen ? '1' : '0')
  await waitFor(
    `${group} to ${frozen ? 'freeze' : 'thaw'}`,
    () => groupEvent(unified, group, 'frozen', frozen),
    {
      seconds: 10,
    },
  )
}

/** SIGKILL to every process of a group and those below, at once, then waits until they are gone. */
export async function killGroup({ unified }: Hierarchies, group: string): Promise<void> {
  try {
    await writeFile(join(unified, group, 'cgroup.kill'), '1')
  } catch (error) {
    if (isMissing(error)) return
    throw error
  }
  await waitFor(`the processes of ${group} to end`, () => groupEvent(unified, group, 'populated', false), {
    seconds: 30,
  })
}

/** Removes empty groups, deepest first; one that is gone already, or is populated again, is left to the caller. */
export async function removeGroup({ all }: Hierarchies, group: string): Promise<void> {
  await Promise.all(all.map((top) => removeTree(join(top, group))))
}

/** The group and those below it in any hierarchy, as paths: empty when nothing is left. */
export async function groupFolders({ all }: Hierarchies, group: string): Promise<string[]> {
  const found = await Promise.all(
    all.map(async (top) => ((await readdir(top)).includes(group) ? [join(top, group)] : [])),
  )
  return found.flat()
}

/** Processes directly in a group; none if there is no such group. */
export async function groupProcesses({ unified }: Hierarchies, group: string): Promise<number[]> {
  const text = await readFile(join(unified, group, 'cgroup.procs'), 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean).map(Number)
}

async function groupEvent(
  unified: string,
  group: string,
  event: 'populated' | 'frozen',
  wanted: boolean,
): Promise<true | undefined> {
  const text = await readFile(join(unified, group, 'cgroup.events'), 'utf8').catch(() => undefined)
  if (text === undefined) return true
  return text.split('\n').includes(`${event} ${wanted ? 1 : 0}`) ? true : undefined
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name))
  await rmdir(folder).catch(() => undefined)
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENODEV')
}
