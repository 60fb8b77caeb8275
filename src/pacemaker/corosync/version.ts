/** Major and minor number of a corosync. */
export type CorosyncVersion = readonly [number, number]

/** Reads `corosync -v`: `Corosync Cluster Engine, version '3.1.7'`. Undefined where it says nothing of the kind. */
export function parseCorosyncVersion(text: string): CorosyncVersion | undefined {
  const [, major, minor] = /version '?(\d+)\.(\d+)/.exec(text) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor)]
}

export const isAtLeast = ([major, minor]: CorosyncVersion, [m, n]: CorosyncVersion): boolean =>
  major > m || (major === m && minor >= n)
