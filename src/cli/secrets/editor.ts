import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BringupError } from '../../errors.ts'
import type { CommandContext } from '../context.ts'

/**
 * Has the user change text in $VISUAL or $EDITOR. The text is only ever in a directory that nobody else can enter, in
 * memory where the system has such a place (`/dev/shm`), and gone afterwards, with what the editor left beside it.
 */
export function editText(text: string, { environment, say }: CommandContext): string {
  const editor = environment['VISUAL'] || environment['EDITOR'] || 'vi'
  const memory = isDirectory('/dev/shm')
  if (!memory) say('no /dev/shm here: the text is on disk while you edit\n')
  const directory = mkdtempSync(join(memory ? '/dev/shm' : tmpdir(), 'bringup-'))
  try {
    const file = join(directory, 'secrets.yml')
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
    // $EDITOR is a command line, as git has it too: `code --wait`.
    const { status, error } = spawnSync('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' })
    if (status === 0) return readFileSync(file, 'utf8')
    throw new BringupError(
      'USAGE',
      `the editor "${editor}" ended with ${error?.message ?? `status ${status}`}`,
      {
        remedy: 'Nothing was changed. Set EDITOR to the editor that you want.',
      },
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
