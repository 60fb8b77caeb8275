import { basename } from 'node:path'
import * as z from 'zod'
import { BringupError } from '../errors.ts'
import { unpack } from './archive_apply.ts'
import { readUnpacked } from './archive_state.ts'
import type { ArchiveReading } from './archive_state.ts'
import { accountsAfter, attributeParams } from './attributes.ts'
import { operation } from './operation.ts'
import type { Change } from './operation.ts'
import { absolutePath, sha256, urls } from './params.ts'
import { pathKey, readPath } from './path_state.ts'

const params = z
  .strictObject({
    path: absolutePath.describe('Directory that it is unpacked to, for itself alone'),
    ...attributeParams,
    source: z.string().min(1).optional().describe('Tar beside the role or the project'),
    urls: urls.optional(),
    sha256: sha256.describe('Digest of the archive'),
    strip: z.int().min(0).default(0).describe('Leading components that are taken off every path'),
    creates: absolutePath.optional().describe('Where this is there, it has been done, however'),
    replace: z
      .boolean()
      .default(false)
      .describe('Remove what another archive brought there, and what was added'),
  })
  .refine(
    (want) => (want.source === undefined) !== (want.urls === undefined),
    'either source or urls is needed',
  )

export type ArchiveWant = z.output<typeof params>

/**
 * A tar (plain, gzip, bzip2, xz, zstd) unpacked to a directory of its own, once: the directory keeps a mark of which
 * archive it was and what it brought. The controller checks every path in it first. Owner, group and mode are set when
 * it is unpacked; files are as if made by that owner under umask 022.
 */
export const archive = operation('archive', {
  params,
  subject: (want) => `${nameIn(want)} in ${want.path}`,

  async read(context, want): Promise<ArchiveReading> {
    const now = await readPath(context, want.path, { digestOnly: true })
    if (now.kind !== 'directory') return now
    return { ...now, unpacked: await readUnpacked(context, want.path, want.creates ?? '') }
  },

  plan(now, want): Change[] {
    if (now.kind === 'absent') return [{ summary: `unpack ${nameIn(want)}${where(now.parent)}` }]
    if (now.kind !== 'directory')
      throw refused(want, `it is a ${now.kind}`, 'Move it away, or name another path.')
    const { unpacked } = now
    if (unpacked === undefined) return [{ summary: `unpack ${nameIn(want)}` }]
    const same = unpacked.sha256 === want.sha256
    if (unpacked.created || (same && !unpacked.partial && unpacked.missing.count === 0)) return []
    if (unpacked.partial && same) return [{ summary: `unpack ${nameIn(want)}, which was begun` }]
    if (unpacked.sha256 === null) {
      if (unpacked.entries === 0) return [{ summary: `unpack ${nameIn(want)}` }]
      throw refused(
        want,
        `${unpacked.entries} entries that no archive brought`,
        'Name a directory for it alone.',
      )
    }
    const why = same
      ? `${unpacked.missing.count} of its paths are gone, as ${unpacked.missing.first}`
      : 'of another archive'
    if (!want.replace)
      throw refused(
        want,
        why,
        'Set replace: true to unpack it anew; what was added to the directory then goes.',
      )
    return [{ summary: `replace by ${nameIn(want)} (${why})` }]
  },

  apply: (context, _changes, want, now) => unpack(context, want, now),

  after: (now, want): ArchiveReading => ({
    kind: 'directory',
    mode: want.mode ?? (now.kind === 'directory' ? now.mode : '0755'),
    ...accountsAfter(now, want),
    unpacked: {
      sha256: want.sha256,
      partial: false,
      missing: { count: 0, first: '' },
      entries: 1,
      created: false,
    },
  }),

  key: (want) => pathKey(want.path),
})

const nameIn = ({ source, urls: [url = ''] = [] }: ArchiveWant): string =>
  basename(source ?? new URL(url).pathname)

const where = (parent: string): string =>
  parent === 'missing' ? ', in a directory that is not there yet' : ''

const refused = ({ path }: ArchiveWant, seen: string, remedy: string): BringupError =>
  new BringupError('REFUSED', `cannot unpack to ${path}: it holds something else`, { seen, remedy })
