import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { posix } from 'node:path'
import type { Bytes } from '../connection/remote.ts'
import { BringupError } from '../errors.ts'
import { Secret } from '../secret.ts'
import { quote } from '../shell/quote.ts'
import type { Content } from './content.ts'
import type { ApplyContext } from './operation.ts'
import { accounts, change, removePath } from './path_change.ts'
import { writeError } from './write_error.ts'
import { WRITE_SCRIPT } from './write_script.ts'

/** How a file is to be when its new content becomes visible. */
export interface WrittenFile {
  readonly path: string
  readonly mode: string
  /** Names or ids; left out, a new file is owned by the one who writes it. */
  readonly owner?: string | undefined
  readonly group?: string | undefined
  /** What was read: nothing is replaced that has been changed since. Null where that does not matter. */
  readonly expected: { readonly sha256: string } | 'absent' | null
  /** A command that looks at the temporary file, which replaces nothing where it fails: `visudo -cf FILE`. */
  readonly validate?: ((temporary: string) => readonly string[]) | undefined
  /** Keeps a copy of the old file under /var/backups/bringup. */
  readonly backup?: boolean
}

/** Up to here content travels with the command, in one round trip. */
const LARGEST_INLINE: Bytes = 64 * 1024

/**
 * Replaces or makes a file so that it is at every moment the old one or the new one, whole: written beside it, given
 * its owner, mode and SELinux context, synced to disk, checked by digest, renamed. ACLs and extended attributes of the
 * old file are kept where the host's cp(1) can. What an earlier write to this path left beside it when it was cut off
 * is removed.
 *
 * @throws BringupError WRITE_FAILED, CHANGED_MEANWHILE or VALIDATION_FAILED; the old file is then as it was
 */
export async function atomicWrite(context: ApplyContext, file: WrittenFile, content: Content): Promise<void> {
  const { bytes } = content
  if (bytes === null || content.size > LARGEST_INLINE) {
    if (bytes === null && content.file === null)
      throw new BringupError('INTERNAL', `no bytes of ${file.path} are at hand`)
    return atomicPlace(context, file, content.sha256, (temporary) =>
      context.remote.upload(bytes ?? createReadStream(content.file ?? ''), temporary),
    )
  }
  const names = temporaryFor(file.path)
  await finish(context, file, content.sha256, names, content.secret ? new Secret(bytes) : bytes)
}

/**
 * The same for content that comes in another way.
 * @param bring makes a new file, closed to others, at the path that it is given
 */
export async function atomicPlace(
  context: ApplyContext,
  file: WrittenFile,
  sha256: string,
  bring: (temporary: string) => Promise<void>,
): Promise<void> {
  const { pattern, temporary } = temporaryFor(file.path)
  await change(context, PREPARE, [file.path, pattern])
  try {
    await bring(temporary)
  } catch (error) {
    // The connection may be gone; then the next write to this path removes it.
    await removePath(context, temporary).catch(() => undefined)
    // What an upload was told by the host is about our file, not about the temporary one.
    const said =
      error instanceof BringupError && error.code === 'COMMAND_FAILED' ? error.details.seen : undefined
    throw said === undefined ? error : writeError(file.path, 90, said)
  }
  await finish(context, file, sha256, { pattern: '', temporary })
}

async function finish(
  context: ApplyContext,
  file: WrittenFile,
  sha256: string,
  { pattern, temporary }: { pattern: string; temporary: string },
  stdin?: Buffer | Secret,
): Promise<void> {
  const check = file.validate === undefined ? ':' : file.validate(temporary).map(quote).join(' ')
  const { expected } = file
  const before = expected === null || expected === 'absent' ? (expected ?? '') : expected.sha256
  const backup = file.backup === true ? 'backup' : ''
  const script = WRITE_SCRIPT.replace('VALIDATE', () => check)
  const args = [temporary, pattern, file.mode, accounts(file), sha256, before, backup] as const
  await change(context, script, [file.path, ...args], stdin === undefined ? {} : { stdin })
}

/**
 * Names of temporary files of one path, in its directory. They begin with a dot and have no known ending, so that
 * programs which read all files of a directory (cron, systemd, Apache) take no notice.
 */
export function temporaryFor(path: string): { pattern: string; temporary: string } {
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 16)
  const pattern = posix.join(posix.dirname(path), `.bringup-${digest}-`)
  return { pattern, temporary: pattern + randomBytes(6).toString('hex') }
}

const PREPARE = `
[ -d "$directory" ] || exit 83
for left in "$2"*; do
  if [ -f "$left" ]; then rm -f "$left" || fail; fi
done`
