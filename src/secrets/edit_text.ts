import { BringupError } from '../errors.ts'
import { audienceOf, encryptAge } from './age.ts'
import { ageBlock, ageQuoted } from './age_block.ts'
import { ageValues, replaceValues } from './age_values.ts'
import type { AgeValue } from './age_values.ts'
import { PendingSecret } from './pending.ts'
import { resolvePending } from './resolve.ts'
import type { ResolveContext } from './resolve.ts'

/** A file with its `!age` values readable, and what each was, to be put back where it was not changed. */
export interface OpenedText {
  readonly text: string
  readonly values: readonly OpenedValue[]
}

export interface OpenedValue {
  readonly path: string
  readonly value: string
  readonly armor: string
  /** As it stood in the file, and how. */
  readonly written: string
  readonly at: AgeValue
}

/** Decrypts every `!age` value of a YAML file in its place. What can not be decrypted is added to the problems. */
export async function decryptedText(
  text: string,
  file: string,
  context: ResolveContext,
): Promise<OpenedText> {
  const found = ageValues(text, file)
  const pending = found.map(
    ({ text: armor, line }) =>
      new PendingSecret({ kind: 'age', armor: armor.trim() }, { file, line, column: 1 }),
  )
  const resolve = await resolvePending(pending, context)
  if (context.problems.count > 0) return { text, values: [] }
  const values = found.map(({ path, text: armor }, index) => ({
    path,
    value: resolve(pending[index]!).reveal(),
    armor: armor.trim(),
    written: text.slice(found[index]!.start, found[index]!.end),
    at: found[index]!,
  }))
  const changes = found.map((at, index) => ({
    at,
    by: `${at.anchor}!age ${JSON.stringify(values[index]!.value)}`,
  }))
  return { text: replaceValues(text, changes), values }
}

/**
 * Encrypts every `!age` value of an edited text in its place. One that was not changed keeps the very bytes it had.
 * @param recipients whom to encrypt to; asked only if something is
 * @throws BringupError REFUSED where that would take a value away from somebody who can read it now
 */
export async function encryptedText(
  text: string,
  file: string,
  opened: OpenedText,
  recipients: () => Promise<readonly string[]>,
): Promise<{ text: string; encrypted: number; kept: number }> {
  const changes: { at: AgeValue; by: string }[] = []
  let kept = 0
  for (const at of ageValues(text, file)) {
    const same = opened.values.filter(({ value }) => value === at.text)
    const before = same.find(({ path }) => path === at.path) ?? same[0]
    if (before !== undefined) kept += 1
    const armor = before?.armor ?? (await encrypt(at, file, opened, await recipients()))
    changes.push({
      at,
      by: before !== undefined && standsAsBefore(at, before) ? before.written : inYaml(armor, at),
    })
  }
  return { text: replaceValues(text, changes), encrypted: changes.length - kept, kept }
}

const inYaml = (armor: string, { anchor, inline, indent }: AgeValue): string =>
  anchor + (inline ? ageQuoted(armor) : ageBlock(armor, indent + 2))

const standsAsBefore = (at: AgeValue, before: OpenedValue): boolean =>
  at.path === before.path && at.indent === before.at.indent && at.inline === before.at.inline

async function encrypt(
  at: AgeValue,
  file: string,
  opened: OpenedText,
  recipients: readonly string[],
): Promise<string> {
  const place = { file, line: at.line, column: 1 }
  const before = opened.values.find(({ path }) => path === at.path)
  const audience = before === undefined ? { recipients: 0 } : audienceOf(before.armor)
  if (at.text === '')
    throw new BringupError('REFUSED', `${at.path} is empty`, {
      at: place,
      remedy: 'Write the value behind !age.',
    })
  if (audience === 'passphrase')
    throw new BringupError('REFUSED', `${at.path} was encrypted with a passphrase`, {
      at: place,
      remedy: 'Make a new block with `bringup secrets encrypt --passphrase`, and paste it in.',
    })
  if (audience.recipients > recipients.length)
    throw new BringupError(
      'REFUSED',
      `${at.path} can be read by ${audience.recipients}, and would be by ${recipients.length} only`,
      { at: place, remedy: 'Name all of them: --recipient age1… once for each.' },
    )
  return encryptAge(at.text, { recipients })
}
