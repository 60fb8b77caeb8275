import { readFile, readdir, readlink } from 'node:fs/promises'

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  pid: number
  /** Start time in clock ticks after boot: field 22 of /proc/PID/stat (proc(5)). */
  start: string
}

/** The identity of a process that lives now, or undefined. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The name in field 2 may hold spaces and brackets: count from the last one.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const start = fields?.[19]
  if (start === undefined || fields?.[0] === 'Z') return undefined
  return { pid, start }
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.start === identity.start
}

/** Processes in the network namespace with this inode, in the machine's own view of pids. */
export async function processesInNetns(inode: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))
  const links = await Promise.all(
    pids.map(async (pid) => ({ pid, netns: await readlink(`/proc/${pid}/ns/net`).catch(() => '') })),
  )
  return links.filter(({ netns }) => netns === `net:[${inode}]`).map(({ pid }) => Number(pid))
}
