import { BringupError } from '../errors.ts'
import { atomicWrite } from './atomic_write.ts'
import type { WrittenFile } from './atomic_write.ts'
import { accountsAfter, attributesText, planAttributes } from './attributes.ts'
import type { WantedAttributes } from './attributes.ts'
import { contentOf, sizeText, textOf } from './content.ts'
import type { Content } from './content.ts'
import { lineCountText } from './line_count.ts'
import type { ApplyContext, Change } from './operation.ts'
import { setAttributes } from './path_change.ts'
import { LARGEST_SHOWN } from './path_state.ts'
import type { FilePath, PathState } from './path_state.ts'

/** A file with all of its content; what the operations on files come down to. */
export interface WholeFile extends WantedAttributes {
  readonly path: string
  /** Null leaves the content as it is; a file that is not there is then made empty. */
  readonly content: Content | null
  /** The mode of a new file where `mode` is left out. */
  readonly modeIfNew?: string | undefined
  readonly validate?: WrittenFile['validate']
  readonly backup?: boolean
}

const modeOfNew = ({ mode, modeIfNew }: WholeFile): string => mode ?? modeIfNew ?? '0644'

/** @throws BringupError REFUSED where something else than a file is in the way */
export function planFile(now: PathState, want: WholeFile): Change[] {
  switch (now.kind) {
    case 'absent':
      return [creation(now.parent === 'missing', want)]
    case 'file':
      return [...planContent(now, want), ...planAttributes(now, want)]
    default:
      throw notAFile(want.path, now)
  }
}

export function fileAfter(now: PathState, want: WholeFile): PathState {
  if (now.kind === 'absent')
    return {
      kind: 'file',
      mode: modeOfNew(want),
      ...accountsAfter(now, want),
      ...stored(want.content ?? contentOf('')),
    }
  if (now.kind !== 'file') throw notAFile(want.path, now)
  return {
    ...now,
    mode: want.mode ?? now.mode,
    ...accountsAfter(now, want),
    ...(want.content === null ? {} : stored(want.content)),
  }
}

const stored = ({ size, sha256, bytes, secret }: Content) => ({
  size,
  sha256,
  content: size <= LARGEST_SHOWN ? bytes : null,
  secret,
})

export async function applyFile(context: ApplyContext, now: PathState, want: WholeFile): Promise<void> {
  if (now.kind === 'file' && (want.content === null || want.content.sha256 === now.sha256))
    return setAttributes(context, now.at ?? want.path, { ...want, mode: want.mode ?? now.mode })
  if (now.kind !== 'file' && now.kind !== 'absent') throw notAFile(want.path, now)
  const kept = now.kind === 'file' ? { owner: now.owner, group: now.group } : null
  await atomicWrite(
    context,
    {
      path: now.at ?? want.path,
      mode: now.kind === 'file' ? (want.mode ?? now.mode) : modeOfNew(want),
      owner: want.owner ?? kept?.owner.id?.toString(),
      group: want.group ?? kept?.group.id?.toString(),
      expected: now.kind === 'absent' ? 'absent' : now.content === null ? null : now,
      validate: want.validate,
      backup: want.backup ?? false,
    },
    want.content ?? contentOf(''),
  )
}

function creation(parentMissing: boolean, want: WholeFile): Change {
  const content = want.content ?? contentOf('')
  const text = content.secret ? null : shownText(content)
  const details = [content.secret ? 'secret' : sizeText(content.size), attributesText(want)]
  const where = parentMissing ? ', in a directory that is not there yet' : ''
  return {
    summary: `create (${details.filter((detail) => detail !== '').join(', ')})${where}`,
    ...(text === null ? {} : { diff: { path: want.path, before: null, after: text } }),
  }
}

const shownText = ({ bytes, size }: Content): string | null =>
  bytes === null || size > LARGEST_SHOWN ? null : textOf(bytes)

function planContent(now: FilePath, { path, content }: WholeFile): Change[] {
  if (content === null || content.sha256 === now.sha256) return []
  if (content.secret || now.secret === true) return [{ summary: 'content differs (secret)' }]
  const before = now.content === null ? null : textOf(now.content)
  const after = shownText(content)
  if (before !== null && after !== null)
    return [{ summary: lineCountText(before, after), diff: { path, before, after } }]
  const sizes =
    now.size === content.size
      ? `sha256 ${now.sha256.slice(0, 8)}… → ${content.sha256.slice(0, 8)}…`
      : `${sizeText(now.size)} → ${sizeText(content.size)}`
  return [{ summary: `content (${sizes})` }]
}

/** What is there instead of a file, and what can be done about it. */
export function notAFile(path: string, now: PathState): BringupError {
  if (now.kind === 'symlink')
    return new BringupError('REFUSED', `${path} is a symlink, not a file`, {
      seen: `a symlink to ${now.target}`,
      remedy:
        'Name the file that it leads to, set follow: true to write that one, or remove the symlink first.',
    })
  return new BringupError('REFUSED', `${path} is not a file`, {
    seen: now.kind === 'directory' ? 'a directory' : 'a device, socket or pipe',
    remedy: 'Look at what it is, and move it away if it is not needed.',
  })
}
