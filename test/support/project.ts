import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { BringupErrors } from '../../src/errors.ts'
import type { BringupError } from '../../src/errors.ts'
import { errorText } from '../../src/report/error_text.ts'
import { painter } from '../../src/report/style.ts'
import { reportError } from '../../src/run/error_report.ts'

/** A directory with these files, gone when the test is over. @param files text by path */
export function project(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'bringup-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  addFiles(directory, files)
  return directory
}

export function addFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
}

/** What a user would read of what is thrown; an error that is not ours is thrown on. */
export async function errorsOf(work: () => unknown, hide?: string): Promise<string> {
  try {
    await work()
  } catch (error) {
    const problems = error instanceof BringupErrors ? error.problems : [error as BringupError]
    const text = problems.map((problem) => errorText(reportError(problem), painter(false))).join('\n')
    return hide === undefined ? text : text.replaceAll(hide, '…')
  }
  throw new Error('nothing was thrown')
}
