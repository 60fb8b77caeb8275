import type { Nodes } from 'bringup'
import { parseProcDrbd } from '../../src/drbd/status/proc_drbd.ts'
import type { RebuildCheckVars } from './vars.ts'

/** The node is to run what the survivors run: an update is another piece of work, and not for the worst hour. */
export async function requireVersion(
  peers: Nodes<RebuildCheckVars>,
  wanted: string | undefined,
): Promise<void> {
  await peers.each((peer) =>
    peer.require(
      'the DRBD that the inventory names',
      async ({ $ }) => {
        const { stdout } = await $.read({ nothrow: true })`cat /proc/drbd`
        const version = parseProcDrbd(stdout)?.version
        if (wanted === undefined || version === undefined) return true
        const isIt = wanted === 'in-tree' ? version.startsWith('8.4.') : wanted === version
        return isIt || `DRBD ${version} runs there, and drbd_version is ${wanted}`
      },
      'Name in drbd_version what the survivors run: the node gets the same. To another one all go in turn: playbooks/rolling-update.yml.',
    ),
  )
}
