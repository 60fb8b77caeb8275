import { randomBytes } from 'node:crypto'
import type { Remote } from '../connection/remote.ts'
import type { Facts } from './facts.ts'
import { gatherScript } from './gather_script.ts'
import { parseFacts } from './parse.ts'

/**
 * Looks at a host in one round trip. It needs a POSIX `sh` only: what a missing tool would have told is left empty, as
 * are the signatures of block devices where we are not root.
 *
 * @throws BringupError COMMAND_FAILED when the answer is cut off
 */
export async function gatherFacts(remote: Pick<Remote, 'run'>): Promise<Facts> {
  // Nothing on the host can know the mark beforehand, so nothing that it prints is taken for a heading.
  const mark = randomBytes(12).toString('hex')
  const { stdout } = await remote.run(gatherScript(mark), { timeout: 60 })
  return parseFacts(stdout.toString('utf8'), mark)
}
