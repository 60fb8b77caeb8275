import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addFiles } from './project.ts'

/** What makes a tarball of DRBD's module a release. */
export const RELEASED: Readonly<Record<string, string>> = {
  Makefile: 'all:\n',
  'drbd/.drbd_git_revision': 'GIT-hash: 0000000000000000000000000000000000000000\n',
}

/** A tarball with one folder of these files, which build nothing. */
export function tarballOf(
  folder: string,
  files: Readonly<Record<string, string>> = RELEASED,
): { bytes: Buffer; sha256: string } {
  const directory = mkdtempSync(join(tmpdir(), 'bringup-test-'))
  try {
    addFiles(join(directory, folder), files)
    execFileSync('tar', ['-czf', join(directory, 'it.tar.gz'), '-C', directory, folder])
    const bytes = readFileSync(join(directory, 'it.tar.gz'))
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
  } finally {
    rmSync(directory, { recursive: true })
  }
}
