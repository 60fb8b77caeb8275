import { chmodSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { BringupError } from '../../errors.ts'
import { resolveFrom, shownPath } from '../../path.ts'
import { createProblems } from '../../problems.ts'
import { decryptedText, encryptedText } from '../../secrets/edit_text.ts'
import { readText } from '../../yaml/read_text.ts'
import type { CommandContext } from '../context.ts'
import { processContext } from '../context.ts'
import { editText } from './editor.ts'
import { recipientsFor } from './recipients.ts'

export interface EditArguments {
  readonly recipient: readonly string[]
}

/**
 * `bringup secrets edit FILE`: opens $EDITOR on the file with its `!age` values readable, on a memory-backed file of
 * mode 0600, and encrypts again what was changed or added. Everything else in the file stays as it was, to the letter.
 */
export async function editCommand(
  path: string,
  options: EditArguments,
  context: CommandContext = processContext(),
): Promise<number> {
  const file = resolveFrom(context.cwd, path)
  const shown = shownPath(context.cwd, file)
  const before = readText(file, shown)
  const problems = createProblems()
  const opened = await decryptedText(before, shown, { ...context, problems })
  problems.throwIfAny()
  const recipients = () => recipientsFor(options.recipient, context)
  for (let text = opened.text; ;) {
    text = editText(text, context)
    if (text === opened.text) {
      context.say('nothing changed\n')
      return 0
    }
    try {
      const after = await encryptedText(text, shown, opened, recipients)
      if (readText(file, shown) !== before)
        throw new BringupError('REFUSED', `${shown} was changed by somebody else meanwhile`, {
          remedy: 'Look at what changed, then edit again.',
        })
      replaceFile(file, after.text)
      context.say(`${shown}: ${after.encrypted} encrypted, ${after.kept} as they were\n`)
      return 0
    } catch (error) {
      if (!(await again(error, context))) throw error
    }
  }
}

/** What was typed is not lost by a slip in the YAML: the editor is opened on it once more. */
async function again(error: unknown, { ask, say }: CommandContext): Promise<boolean> {
  if (!(error instanceof Error)) return false
  say(`${error.message}\n`)
  const answer = await ask('Type "e" to edit again; anything else gives up')
  return answer?.reveal().trim() === 'e'
}

/** Beside it, then in its place, so that a crash leaves the old file or the new one. */
function replaceFile(file: string, text: string): void {
  const beside = `${file}.${process.pid}.new`
  const { mode } = statSync(file)
  try {
    writeFileSync(beside, text, { mode: 0o600, flag: 'wx', flush: true })
    chmodSync(beside, mode & 0o7777)
    renameSync(beside, file)
  } catch (error) {
    rmSync(beside, { force: true })
    throw new BringupError('FILE_UNREADABLE', `${file} can not be written: ${(error as Error).message}`, {
      remedy: 'Check that you may write the file and its directory.',
      cause: error,
    })
  }
}
