import type { Tag } from '../shell/shell.ts'

/** Whether a unit in this state of systemd runs, or is on its way up or down: what may run is taken to run. */
export const isUp = (state: string | undefined): boolean =>
  ![undefined, '', 'inactive', 'failed', 'unknown'].includes(state)

/** Those of these units of a node that run, or are on their way up or down. */
export async function unitsUp(read: Tag, units: readonly string[]): Promise<string[]> {
  const { stdout } = await read({ nothrow: true })`systemctl is-active ${units}`
  const states = stdout.split('\n')
  return units.filter((_, index) => isUp(states[index]))
}

/** Those of them that are corosync and Pacemaker. */
export const daemonsUp = (read: Tag): Promise<string[]> => unitsUp(read, ['corosync', 'pacemaker'])
