import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { BringupError } from '../errors.ts'
import type { ArchiveWant } from './archive.ts'
import { safePaths } from './archive_entries.ts'
import { UNPACK_SCRIPT } from './archive_script.ts'
import type { ArchiveReading } from './archive_state.ts'
import { temporaryFor } from './atomic_write.ts'
import { contentOfFile } from './content.ts'
import { escapedPath, readTree } from './directory_removal.ts'
import { fetchOnce } from './fetch_cache.ts'
import type { ApplyContext } from './operation.ts'
import { accounts, change } from './path_change.ts'
import { findSource } from './source_file.ts'
import { listTar, openTar } from './tar_stream.ts'

/** Names of what an earlier, cut-off unpacking left beside the directory. The old tree is put back where it is needed. */
const PREPARE = `
[ -d "$directory" ] || exit 83
if [ -d "\${2}old" ] && [ ! -e "$path" ]; then mv "\${2}old" "$path" || fail; fi
for left in "$2"*; do
  if [ -e "$left" ] || [ -L "$left" ]; then rm -rf "$left" || fail; fi
done`

/** Gets the archive, checks what is in it, sends it, and has it unpacked. */
export async function unpack(context: ApplyContext, want: ArchiveWant, now: ArchiveReading): Promise<void> {
  const file = await archiveFile(context, want)
  const paths = safePaths(await listTar(file), want.strip)
  const { pattern, temporary } = temporaryFor(want.path)
  await change(context, PREPARE, [want.path, pattern])
  const { stream, gzip } = await openTar(file)
  const hash = createHash('sha256')
  await context.remote.upload(Readable.from(hashed(stream as AsyncIterable<Buffer>, hash)), temporary)
  const isOurs = now.kind === 'directory' && now.unpacked?.sha256 != null && !now.unpacked.partial
  const way = now.kind === 'absent' ? 'new' : isOurs ? 'swap' : 'into'
  const real = way === 'swap' ? escapedPath((await readTree(context, want.path)).real) : ''
  const mode = want.mode ?? (now.kind === 'directory' ? now.mode : '0755')
  await change(
    context,
    UNPACK_SCRIPT,
    [
      want.path,
      temporary,
      hash.digest('hex'),
      gzip ? 'gzip' : '',
      String(want.strip),
      accounts(want),
      mode,
      way,
      want.sha256,
      pattern,
      real,
    ],
    { stdin: paths.map((path) => `./${path}\n`).join('') },
  )
}

async function archiveFile(
  context: ApplyContext,
  { source, urls = [], sha256 }: ArchiveWant,
): Promise<string> {
  if (source === undefined) return fetchOnce(context, { urls, sha256 })
  const path = await findSource(context, source)
  const seen = await contentOfFile(path)
  if (seen.sha256 === sha256) return path
  throw new BringupError('REFUSED', `${source} is not the archive that is wanted`, {
    expected: `sha256 ${sha256}`,
    seen: `sha256 ${seen.sha256}`,
    remedy: 'Correct the digest, or put the right file there.',
  })
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncIterable<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}
