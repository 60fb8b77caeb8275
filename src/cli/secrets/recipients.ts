import { BringupError } from '../../errors.ts'
import { identityFile, readIdentities, recipientsOf } from '../../secrets/age.ts'
import type { CommandContext } from '../context.ts'

/** Whom to encrypt to: those named, else the user's own identity. @throws BringupError USAGE where there is neither */
export async function recipientsFor(
  named: readonly string[],
  { environment, cwd }: Pick<CommandContext, 'environment' | 'cwd'>,
): Promise<readonly string[]> {
  if (named.length > 0) return named
  const file = identityFile(environment, cwd)
  try {
    return await recipientsOf(readIdentities(file))
  } catch (error) {
    if (!(error instanceof BringupError) || error.code !== 'FILE_UNREADABLE') throw error
    throw new BringupError('USAGE', `nobody to encrypt to: ${error.message}`, {
      remedy: 'Name a public key with --recipient age1…, or make an identity: bringup secrets keygen.',
      cause: error,
    })
  }
}
