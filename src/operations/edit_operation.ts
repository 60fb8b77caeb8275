import * as z from 'zod'
import { BringupError } from '../errors.ts'
import { contentOf, textOf } from './content.ts'
import { fileParams } from './file_params.ts'
import { operation } from './operation.ts'
import type { Operation } from './operation.ts'
import { pathKey, readPath } from './path_state.ts'
import type { PathState } from './path_state.ts'
import { applyFile, fileAfter, notAFile, planFile } from './whole_file.ts'
import type { WholeFile } from './whole_file.ts'

/** Parameters of every operation that edits part of a text file. */
export const editParams = {
  ...fileParams,
  create: z.boolean().default(false).describe('Make the file where there is none; else that is an error'),
}

type EditWant = z.output<z.ZodObject<typeof editParams>>

/** One kind of edit. */
export interface Edit<Schema extends z.ZodType<EditWant>> {
  readonly params: Schema
  subject(want: z.output<Schema>): string
  /**
   * Pure: the text as it is to be. An edited text is left alone when it is edited again.
   * @throws BringupError REFUSED where the text leaves open what is meant
   */
  edit(text: string, want: z.output<Schema>): string
  /** Whether a secret is put in; then the change is never shown. */
  hides?(want: z.output<Schema>): boolean
}

/** Declares an operation that changes part of a text file and keeps the rest of it byte for byte. */
export function editOperation<Schema extends z.ZodType<EditWant>>(
  name: string,
  { params, subject, edit, hides }: Edit<Schema>,
): Operation<Schema, PathState> {
  /** The whole file that is wanted; null where there is none and nothing to put in. */
  function wanted(now: PathState, want: z.output<Schema>): WholeFile | null {
    const before = textIn(now, want.path)
    const after = edit(before, want)
    if (now.kind === 'absent' && after === '') return null
    const hidden = want.secret || hides?.(want) === true
    const content = contentOf(after, hidden || (now.kind === 'file' && now.secret === true))
    return { ...want, content, ...(hidden ? { modeIfNew: '0600' } : {}) }
  }

  return operation<Schema, PathState>(name, {
    params,
    subject,
    read: (context, want) => readPath(context, want.path, { follow: want.follow }),
    plan(now, want) {
      const whole = wanted(now, want)
      return whole === null ? [] : planFile(now, whole)
    },
    async apply(context, _changes, want, now) {
      const whole = wanted(now, want)
      if (whole === null) return
      // In check mode the file may still come from an earlier task, so only here is its absence an error.
      if (now.kind === 'absent' && !want.create) throw nothingToEdit(want.path)
      await applyFile(context, now, whole)
    },
    after(now, want) {
      const whole = wanted(now, want)
      return whole === null ? now : fileAfter(now, whole)
    },
    key: (want) => pathKey(want.path),
  })
}

function textIn(now: PathState, path: string): string {
  if (now.kind === 'absent') return ''
  if (now.kind !== 'file') throw notAFile(path, now)
  const text = now.content === null ? null : textOf(now.content)
  if (text !== null) return text
  const why = now.content === null ? 'larger than 1 MiB' : 'not UTF-8 text'
  throw new BringupError('REFUSED', `${path} cannot be edited: it is ${why}`, {
    remedy: 'Give the whole file with the file or template operation.',
  })
}

const nothingToEdit = (path: string): BringupError =>
  new BringupError('REFUSED', `${path} does not exist, so there is nothing to edit`, {
    remedy: 'Install what brings it first, or set create: true.',
  })
