import type { Node } from 'bringup'
import { expect, test } from 'vitest'
import { linksDown } from '../../../../roles/pcs_cluster/live.ts'

/** A node whose corosync-cfgtool -s ends like this. */
const node = (exitCode: number, stdout: string, stderr = ''): Node =>
  ({ $: { read: () => async () => ({ exitCode, stdout, stderr }) } }) as unknown as Node

const RING = 'Printing ring status.\nLocal node ID 1\nRING ID 0\n\tid\t= 10.0.0.1\n\tstatus\t= '

test.each([
  [node(0, `${RING}ring 0 active with no faults\n`), []],
  // corosync 2: its exit status tells as well.
  [
    node(1, `${RING}Marking ringid 0 interface 10.0.0.1 FAULTY\n`),
    ['ring 0 (10.0.0.1): Marking ringid 0 interface 10.0.0.1 FAULTY'],
  ],
  [
    node(1, '', 'Could not initialize corosync configuration API error 2\n'),
    ['corosync does not answer: Could not initialize corosync configuration API error 2'],
  ],
])('links that do not connect (%#)', async (one, down) => {
  expect(await linksDown(one)).toEqual(down)
})
