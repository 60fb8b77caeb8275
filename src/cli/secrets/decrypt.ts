import { dirname } from 'node:path'
import { BringupError } from '../../errors.ts'
import { resolveFrom, shownPath } from '../../path.ts'
import { createProblems } from '../../problems.ts'
import { PendingSecret } from '../../secrets/pending.ts'
import { resolvePending } from '../../secrets/resolve.ts'
import { readText } from '../../yaml/read_text.ts'
import { readYaml } from '../../yaml/read_yaml.ts'
import type { Located } from '../../yaml/located.ts'
import type { CommandContext } from '../context.ts'
import { processContext } from '../context.ts'

/**
 * `bringup secrets decrypt [FILE [KEY]]`: the value of a key in a YAML file (`a.b.0` for nested ones), or of what comes
 * on standard input: an armored age file, or the `!age` block of one. On standard output, as it is.
 */
export async function decryptCommand(
  file: string | undefined,
  key: string | undefined,
  context: CommandContext = processContext(),
): Promise<number> {
  const secret = file === undefined ? await fromInput(context) : fromFile(file, key, context)
  const problems = createProblems()
  const resolve = await resolvePending([secret], { ...context, problems })
  problems.throwIfAny()
  context.out(`${resolve(secret).reveal()}\n`)
  return 0
}

async function fromInput({ input }: CommandContext): Promise<PendingSecret> {
  const text = (await input())?.reveal() ?? ''
  const armor = /-----BEGIN AGE ENCRYPTED FILE-----.*?-----END AGE ENCRYPTED FILE-----/s.exec(text)?.[0]
  if (armor === undefined)
    throw new BringupError('USAGE', 'no age file on standard input', {
      remedy: 'Give the !age block on standard input, or name a YAML file and a key.',
    })
  const lines = armor.split('\n').map((line) => line.trim())
  return new PendingSecret(
    { kind: 'age', armor: lines.join('\n') },
    { file: 'standard input', line: 1, column: 1 },
  )
}

function fromFile(path: string, key: string | undefined, { cwd }: CommandContext): PendingSecret {
  const absolute = resolveFrom(cwd, path)
  const shown = shownPath(cwd, absolute)
  const problems = createProblems()
  const source = { text: readText(absolute, shown), file: shown, directory: dirname(absolute) }
  const root = readYaml(source, problems)
  problems.throwIfAny()
  const found = root === null ? [] : secretsWithKeys(root)
  const wanted = key === undefined && found.length === 1 ? found[0] : found.find(([name]) => name === key)
  if (wanted !== undefined) return wanted[1]
  const names = found.map(([name]) => name).join(', ')
  throw new BringupError(
    'USAGE',
    key === undefined ? `${shown} needs a key` : `${shown} has no secret at "${key}"`,
    {
      remedy: names === '' ? 'There is no secret in this file.' : `Its secrets are: ${names}.`,
    },
  )
}

function secretsWithKeys(value: Located, path: readonly string[] = []): [key: string, PendingSecret][] {
  if (value.kind === 'secret') return [[path.join('.'), value.secret]]
  if (value.kind === 'scalar') return []
  const parts =
    value.kind === 'map'
      ? [...value.entries].map(([key, entry]) => [key, entry.value] as const)
      : value.items.map((item, index) => [String(index), item] as const)
  return parts.flatMap(([key, part]) => secretsWithKeys(part, [...path, key]))
}
