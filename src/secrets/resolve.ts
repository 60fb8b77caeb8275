import { BringupError } from '../errors.ts'
import type { Place } from '../errors.ts'
import type { Problems } from '../problems.ts'
import { Secret } from '../secret.ts'
import { readText } from '../yaml/read_text.ts'
import { decryptAge, identityFile, readIdentities, wantsPassphrase } from './age.ts'
import type { Environment } from './age.ts'
import type { PendingSecret, SecretSource } from './pending.ts'

/** Asks the operator for a secret; null where nobody can be asked, or nothing was answered. */
export type Ask = (question: string) => Promise<Secret | null>

export interface ResolveContext {
  readonly ask: Ask
  readonly environment: Environment
  /** Where a relative `BRINGUP_AGE_IDENTITY` starts; the process's own directory when left out. */
  readonly cwd?: string
  readonly problems: Problems
}

/**
 * Looks up secrets, each source once. Questions come last, and only where everything else was found, so that nobody
 * types a password for a run that can not start.
 * @returns the value of each; those that are not to be had are added to the problems
 */
export async function resolvePending(
  pending: readonly PendingSecret[],
  context: ResolveContext,
): Promise<(pending: PendingSecret) => Secret> {
  const found = new Map<string, Secret>()
  // The first place of each source is the one that errors name.
  const first = new Map<string, PendingSecret>()
  for (const secret of pending) if (!first.has(keyOf(secret.source))) first.set(keyOf(secret.source), secret)
  const wanted = [...first]
  const questions = wanted.filter(([, { source }]) => asks(source))
  for (const [key, secret] of [...wanted.filter((one) => !questions.includes(one)), ...questions]) {
    if (asks(secret.source) && context.problems.count > 0) break
    try {
      found.set(key, new Secret(await lookUp(secret.source, secret.at, context), secret.origin))
    } catch (error) {
      context.problems.take(error)
    }
  }
  return (secret) => found.get(keyOf(secret.source)) ?? secret
}

const keyOf = (source: SecretSource): string => JSON.stringify(source)

const asks = (source: SecretSource): boolean =>
  source.kind === 'prompt' || (source.kind === 'age' && wantsPassphrase(source.armor))

async function lookUp(source: SecretSource, at: Place, context: ResolveContext): Promise<string> {
  switch (source.kind) {
    case 'env':
      return fromEnvironment(source.name, at, context.environment)
    case 'file':
      return fromFile(source.path, at)
    case 'prompt':
      return fromQuestion(source.text, at, context.ask)
    case 'age':
      return fromAge(source.armor, at, context)
  }
}

function fromEnvironment(name: string, at: Place, environment: Environment): string {
  const value = environment[name]
  if (value !== undefined && value !== '') return value
  const state = value === undefined ? 'not set' : 'empty'
  throw new BringupError('SECRET_UNAVAILABLE', `the environment variable ${name} is ${state}`, {
    at,
    remedy: `Set it for this command only: read -rs ${name} && export ${name}`,
  })
}

function fromFile(path: string, at: Place): string {
  try {
    const value = readText(path, path).replace(/\r?\n$/, '')
    if (value !== '') return value
  } catch (error) {
    if (!(error instanceof BringupError)) throw error
    throw new BringupError('SECRET_UNAVAILABLE', `the secret is not to be had: ${error.message}`, {
      at,
      remedy: `Put it into ${path}, readable by you alone (mode 0600).`,
      cause: error,
    })
  }
  throw new BringupError('SECRET_UNAVAILABLE', `${path} is empty`, { at, remedy: 'Put the secret into it.' })
}

async function fromQuestion(text: string, at: Place, ask: Ask): Promise<string> {
  const answer = await ask(text)
  if (answer !== null) return answer.reveal()
  throw new BringupError('SECRET_UNAVAILABLE', `nobody answered "${text}"`, {
    at,
    remedy: 'Run it on a terminal, or take the secret from elsewhere: !env, !file or !age.',
  })
}

async function fromAge(armor: string, at: Place, { ask, environment, cwd }: ResolveContext): Promise<string> {
  if (wantsPassphrase(armor)) {
    const passphrase = await fromQuestion(`Passphrase for ${at.file}:${at.line}`, at, ask)
    return decryptAge(armor, { passphrase }, at)
  }
  const path = identityFile(environment, cwd ?? process.cwd())
  try {
    return await decryptAge(armor, { identities: readIdentities(path) }, at)
  } catch (error) {
    if (!(error instanceof BringupError)) throw error
    if (error.code !== 'FILE_UNREADABLE') throw error.within({ at })
    throw new BringupError('SECRET_UNAVAILABLE', `no age identity to decrypt this with: ${error.message}`, {
      at,
      remedy:
        'Put the identity there, name its file in BRINGUP_AGE_IDENTITY, or make one: `bringup secrets keygen`.',
      cause: error,
    })
  }
}
