import * as z from 'zod'
import { Secret } from '../secret.ts'
import { contentOf, contentOfFile, sizeText, textOf } from './content.ts'
import type { Content } from './content.ts'
import { fileParams } from './file_params.ts'
import { operation } from './operation.ts'
import type { Change } from './operation.ts'
import { fileContent, presence } from './params.ts'
import { removePath } from './path_change.ts'
import { pathKey, readPath } from './path_state.ts'
import type { PathState } from './path_state.ts'
import { findSource } from './source_file.ts'
import { applyFile, fileAfter, notAFile, planFile } from './whole_file.ts'
import type { WholeFile } from './whole_file.ts'

const params = z
  .strictObject({
    ...fileParams,
    state: presence,
    content: fileContent.optional().describe('What it holds; text, bytes, or a secret'),
    source: z.string().min(1).optional().describe('File beside the role or the project that it is a copy of'),
  })
  .refine(
    (want) => want.content === undefined || want.source === undefined,
    'content and source exclude each other',
  )
  .refine(
    (want) => want.state === 'present' || (want.content === undefined && want.source === undefined),
    'a file that is to be absent has no content',
  )

type Want = z.output<typeof params>

/** What is at the path, with what its source on the controller holds now. */
export type FileReading = PathState & { readonly source?: Content }

/**
 * A file with its content, mode, owner and group; or that there is none. Without content or source the content is left
 * alone, and a new file is empty. One whose content is a {@link Secret} has mode 0600 unless another is asked for.
 */
export const file = operation('file', {
  params,
  subject: (want) => want.path,

  async read(context, want): Promise<FileReading> {
    const now = await readPath(context, want.path, { follow: want.follow && want.state === 'present' })
    if (want.source === undefined) return now
    return { ...now, source: await contentOfFile(await findSource(context, want.source), want.secret) }
  },

  plan: (now, want) =>
    want.state === 'absent' ? planRemoval(now, want) : planFile(now, wholeFile(now, want)),

  async apply(context, _changes, want, now) {
    if (want.state === 'absent') await removePath(context, want.path)
    else await applyFile(context, now, wholeFile(now, want))
  },

  after(now, want): FileReading {
    if (want.state === 'present') return withSource(fileAfter(now, wholeFile(now, want)), now)
    return now.kind === 'absent'
      ? now
      : { kind: 'absent', parent: 'present', owner: now.owner, group: now.group }
  },

  key: (want) => pathKey(want.path),

  merge: (now, planned) => withSource(planned, now),
})

const withSource = (state: PathState, { source }: FileReading): FileReading =>
  source === undefined ? state : { ...state, source }

function wholeFile(now: FileReading, want: Want): WholeFile {
  const content = want.content === undefined ? (now.source ?? null) : contentOf(want.content, want.secret)
  const hidden = want.content instanceof Secret || want.secret
  return { ...want, content, mode: want.mode ?? (hidden ? '0600' : undefined) }
}

function planRemoval(now: PathState, { path, secret }: Want): Change[] {
  switch (now.kind) {
    case 'absent':
      return []
    case 'symlink':
      return [{ summary: `remove the symlink to ${now.target}` }]
    case 'file': {
      const before = secret || now.secret === true || now.content === null ? null : textOf(now.content)
      const change = { summary: `remove (${sizeText(now.size)})` }
      return [before === null ? change : { ...change, diff: { path, before, after: null } }]
    }
    default:
      throw notAFile(path, now)
  }
}
