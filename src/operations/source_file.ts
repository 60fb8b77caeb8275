import { access } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { BringupError } from '../errors.ts'
import type { ReadContext } from './operation.ts'

/**
 * Where a file of the project is: in `files/` of the role, in the role, in `files/` of the project, in the project,
 * whichever has it first.
 * @throws BringupError FILE_UNREADABLE with the places that were looked in
 */
export async function findSource(context: Pick<ReadContext, 'controller'>, source: string): Promise<string> {
  const { roleDirectory, projectDirectory } = context.controller
  const candidates = isAbsolute(source)
    ? [source]
    : [roleDirectory, projectDirectory].flatMap((base) => [join(base, 'files', source), join(base, source)])
  for (const candidate of candidates) {
    const there = await access(candidate).then(
      () => true,
      () => false,
    )
    if (there) return candidate
  }
  throw new BringupError('FILE_UNREADABLE', `cannot find ${source} on the controller`, {
    seen: `nothing readable at ${candidates.join(', ')}`,
    remedy: 'Put it into files/ of the role, or correct the name.',
  })
}
