import { BringupError } from '../../errors.ts'
import { primaryHere } from '../../operations/drbd_in_step.ts'
import { createShell } from '../../shell/create.ts'
import type { Members } from './members.ts'

/** Nobody holds the disks of a node any more that runs nothing. @throws BringupError NOT_MET with those that are held */
export async function freeOfDisks(node: string, members: Members): Promise<void> {
  const left = (await members.all()).find(({ host }) => host.name === node)
  if (left === undefined) return
  const shell = createShell({ remote: left.remote, mode: 'run', record: () => {} })
  const held = await primaryHere(shell.read({ timeout: 60 }))
  if (held.length === 0) return
  throw new BringupError('NOT_MET', `${node} is in standby, and still holds its disks`, {
    host: node,
    seen: `${held.join(', ')} is still Primary`,
    remedy: 'Something besides Pacemaker has it open: fuser -vm, lsblk and dmsetup on the node tell what.',
  })
}
