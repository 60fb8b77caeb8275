import { open } from 'node:fs/promises'
import { checkReleaseTarball } from '../drbd/release_tarball.ts'
import { withoutLogin } from '../drbd/sources_lock.ts'
import type { Release } from '../drbd/versions.ts'
import { asBringupError, BringupError } from '../errors.ts'
import type { ArchiveEntry } from '../operations/archive_entries.ts'
import { listTar } from '../operations/tar_stream.ts'

/**
 * Looks into what was fetched: whether it is a tarball at all, and that of the release that is wanted.
 * @param from where it came from, for people
 * @returns the name of its one folder
 * @throws BringupError SOURCE_WRONG, ARCHIVE_UNSAFE
 */
export async function inspectTarball(
  file: string,
  { release, from }: { release: Release; from: string },
): Promise<string> {
  const wanted = `${release.product} ${release.text}`
  const shown = withoutLogin(from)
  const page = webPage(await headOf(file))
  if (page !== null) {
    throw new BringupError('SOURCE_WRONG', `${shown} gave a web page, not the tarball of ${wanted}`, {
      seen: page,
      remedy:
        'Open it in a browser: servers answer like this where a login is needed or a file has moved. Correct the URL.',
    })
  }
  const entries = await listTar(file).catch((error: unknown): ArchiveEntry[] => {
    const { details } = asBringupError(error)
    throw new BringupError('SOURCE_WRONG', `${shown} gave no whole tarball of ${wanted}`, {
      ...(details.seen === undefined ? {} : { seen: details.seen }),
      remedy: 'Look whether it is complete, and what it should be.',
      cause: error,
    })
  })
  return checkReleaseTarball(entries, release)
}

/** What a page says first, where it is one: its title, or its first line. */
export function webPage(head: string): string | null {
  if (!/^\uFEFF?\s*<(!doctype|html|head|\?xml|!--)/i.test(head)) return null
  const title = /<title[^>]*>([^<]+)/i.exec(head)?.[1] ?? head
  return title.trim().split('\n')[0]!.slice(0, 200)
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0)
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await handle.close()
  }
}
