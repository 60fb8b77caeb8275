/** One process on a host for good: its number alone may be given to another later. */
export interface ProcessId {
  readonly pid: number
  /** Clock ticks after boot at which it started. */
  readonly started: string
}

/** Reads a line of `/proc/<pid>/stat`, see proc(5); null where the host has no such file. */
export function parseProcStat(line: string): ProcessId | null {
  const pid = Number.parseInt(line, 10)
  // The name is in parentheses and may hold anything; the fields behind it begin with the third.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const started = fields[22 - 3]
  return Number.isNaN(pid) || started === undefined || !/^\d+$/.test(started) ? null : { pid, started }
}
