import { randomBytes } from 'node:crypto'
import type { Remote } from '../connection/remote.ts'
import type { Facts } from './facts.ts'
import { gatherScript } from './gather_script.ts'
import { parsePackageSources, SOURCES_SCRIPT } from './package_sources.ts'
import { parseFacts } from './parse.ts'
import { readSections, sectionsHead } from './sections.ts'

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

/** Where a host's packages come from now, which a role may have changed since its facts were gathered. */
export async function readPackageSources(remote: Pick<Remote, 'run'>, known: Facts): Promise<string[]> {
  const mark = randomBytes(12).toString('hex')
  const script = `(\n${sectionsHead(mark)}\n{ ${SOURCES_SCRIPT}\nsection end\n} </dev/null 2>/dev/null\nexit 0\n)`
  const { stdout } = await remote.run(script, { timeout: 60 })
  return parsePackageSources(readSections(stdout.toString('utf8'), mark).lines('package_sources'), known)
}
