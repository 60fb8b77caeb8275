/** A disk that DRBD has attached, by the volume that it is for. */
export interface AttachedDisk {
  readonly resource: string
  readonly volume: number
}

/**
 * By device number: the disks that DRBD has attached, out of what `drbdsetup show` (8.4 and 9) prints.
 * @param numbers lines `NUMBER PATH` for the disks that it names
 */
export function attachedDisks(show: string, numbers: readonly string[]): Map<string, AttachedDisk> {
  const numberOf = new Map(
    numbers.map((line) => [line.slice(line.indexOf(' ') + 1), line.split(' ', 1)[0] ?? '']),
  )
  const found = new Map<string, AttachedDisk>()
  let resource = ''
  let volume = 0
  for (const line of show.split('\n')) {
    resource = /^\s*resource\s+"?([^"\s{]+)/.exec(line)?.[1] ?? resource
    volume = Number(/^\s*volume\s+(\d+)\s*\{/.exec(line)?.[1] ?? volume)
    const disk = /^\s*disk\s+"?(\/dev[^";]*)"?;/.exec(line)?.[1]
    const number = disk === undefined ? undefined : numberOf.get(disk)
    if (number !== undefined) found.set(number, { resource, volume })
  }
  return found
}
