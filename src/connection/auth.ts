import { access } from 'node:fs/promises'
import type { AnyAuthMethod } from 'ssh2'
import { BringupError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import { agentKeys, agentWith } from './agent.ts'
import type { Ask } from './ask.ts'
import { loadKey, publicHalf } from './private_key.ts'
import type { Target } from './target.ts'

/** Of sshd's six tries (MaxAuthTries), one is left for a password. */
const KEYS = 5

/** How one login goes on, told to ssh2 step by step. */
export interface Login {
  /** @param allowed what the host still accepts; null before it has said so */
  next(allowed: readonly string[] | null): Promise<AnyAuthMethod | false>
  /** What was tried, and why other things were not. */
  failure(): BringupError
}

/** Key named by the inventory, agent, the usual keys, password, questions of the host's own: in this order. */
export function createLogin(target: Target, options: { password: Secret | null; ask: Ask }): Login {
  const tried: string[] = []
  let allowed: readonly string[] | null = null
  const accepts = (method: string): boolean => allowed === null || allowed.includes(method)
  const steps = attempts(target, options, accepts, tried)
  return {
    async next(now) {
      allowed = now
      const step = await steps.next()
      return step.done ? false : step.value
    },
    failure: () =>
      new BringupError('AUTH_FAILED', `${target.name} did not let ${target.user} in`, {
        host: target.name,
        seen: `${tried.length === 0 ? 'no key was found and no password is known' : `tried ${tried.join(', ')}`}${
          allowed === null ? '' : `; the host accepts ${allowed.join(', ')}`
        }`,
        remedy: `Make \`ssh ${target.user}@${target.name}\` work, as with ssh-copy-id, or set another user, key or password for it.`,
      }),
  }
}

async function* attempts(
  target: Target,
  { password, ask }: { password: Secret | null; ask: Ask },
  accepts: (method: string) => boolean,
  tried: string[],
): AsyncGenerator<AnyAuthMethod, void> {
  const username = target.user
  let left = KEYS
  const offered = new Set<string>()

  async function* fromFile(file: string): AsyncGenerator<AnyAuthMethod, void> {
    if (left === 0 || !accepts('publickey')) return
    const half = await publicHalf(file)
    if (half !== null && offered.has(half)) return
    const loaded = await loadKey(file, ask)
    if ('skipped' in loaded) return void tried.push(`${file} (${loaded.skipped})`)
    const known = loaded.key.getPublicSSH().toString('base64')
    if (offered.has(known)) return
    offered.add(known)
    left -= 1
    tried.push(file)
    yield { type: 'publickey', username, key: loaded.key }
  }

  async function* fromAgent(
    wanted: (key: string) => boolean,
    most: number,
  ): AsyncGenerator<AnyAuthMethod, void> {
    if (target.agent === null || most === 0 || !accepts('publickey')) return
    const keys = await agentKeys(target.agent, (key) => !offered.has(key) && wanted(key), most)
    if (keys.length === 0) return
    for (const key of keys) offered.add(key.getPublicSSH().toString('base64'))
    left -= keys.length
    tried.push(keys.length === 1 ? 'a key of the agent' : `${keys.length} keys of the agent`)
    yield { type: 'agent', username, agent: agentWith(target.agent, keys) }
  }

  if (target.identityFile !== null) {
    // A key that the agent holds needs no passphrase.
    const half = await publicHalf(target.identityFile)
    yield* fromAgent((key) => key === half, 1)
    yield* fromFile(target.identityFile)
  }
  const files = await existing(target.identityFiles)
  const halves = await Promise.all(files.map(publicHalf))
  yield* fromAgent((key) => !target.identitiesOnly || halves.includes(key), Math.min(left, 3))
  for (const file of files) yield* fromFile(file)

  if (password !== null && accepts('password')) {
    tried.push(`the password (${password.origin})`)
    yield { type: 'password', username, password: password.reveal() }
  }
  if (accepts('keyboard-interactive')) {
    tried.push('keyboard-interactive')
    yield interactive(target, password, ask)
  }
  if (password === null && accepts('password')) {
    const typed = await ask(`Password of ${username} on ${target.name}`)
    if (typed === null) return
    tried.push('the password that was typed')
    yield { type: 'password', username, password: typed.reveal() }
  }
}

/** Answers the host's questions: the one for a password with the one that is known, the others by asking a person. */
function interactive(target: Target, password: Secret | null, ask: Ask): AnyAuthMethod {
  let used = false
  const answer = async (prompt: { prompt: string; echo?: boolean }): Promise<string> => {
    if (password !== null && !used && !prompt.echo && /password/i.test(prompt.prompt)) {
      used = true
      return password.reveal()
    }
    const typed = await ask(`${target.name} asks "${prompt.prompt.trim()}"`)
    return typed?.reveal() ?? ''
  }
  const prompt = async (
    prompts: readonly { prompt: string; echo?: boolean }[],
    finish: (answers: string[]) => void,
  ): Promise<void> => {
    const answers: string[] = []
    for (const question of prompts) answers.push(await answer(question))
    finish(answers)
  }
  return {
    type: 'keyboard-interactive',
    username: target.user,
    prompt: (_name, _instructions, _language, prompts, finish) =>
      void prompt(prompts, finish).catch(() => finish([])),
  }
}

async function existing(files: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    files.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  )
  return files.filter((_, index) => found[index])
}
