import * as z from 'zod'
import { Secret } from '../secret.ts'
import { marksOf, putBlock, removeBlock } from './block_text.ts'
import { editOperation, editParams } from './edit_operation.ts'
import { linePattern, plainText, presence, secret, singleLine } from './params.ts'

const sign = singleLine.regex(/\S/, 'must not be empty')

const params = z
  .strictObject({
    ...editParams,
    name: z
      .string()
      .regex(/^\S+( \S+)*$/, 'must be words with single spaces')
      .describe('Tells this block from others of the file'),
    content: z.union([plainText, secret]).optional().describe('The lines between the marks'),
    comment: z
      .union([sign.transform((open): [string] => [open]), z.tuple([sign, sign])])
      .default(['#'])
      .describe("What makes a comment there: '#', ';', or a pair as ['<!--', '-->']"),
    insertAfter: linePattern.optional().describe('A new block goes behind the last line that matches'),
    insertBefore: linePattern.optional().describe('A new block goes before the first line that matches'),
    state: presence,
  })
  .refine((want) => want.state === 'absent' || want.content !== undefined, 'content is needed')
  .refine(
    (want) => want.insertAfter === undefined || want.insertBefore === undefined,
    'insertAfter and insertBefore exclude each other',
  )
  .refine((want) => {
    const marks = Object.values(marksOf(want.name, want.comment))
    return !textOf(want.content)
      .split(/\r?\n/)
      .some((line) => marks.includes(line.trimEnd()))
  }, 'the content holds a mark of the block itself')

/** Lines of a text file that are ours, between marks: `# BEGIN bringup NAME` and `# END bringup NAME`. */
export const block = editOperation('block', {
  params,
  subject: ({ path, name }) => `${path}: ${name}`,
  edit(text, want) {
    const marks = marksOf(want.name, want.comment)
    if (want.state === 'absent') return removeBlock(text, want.path, marks)
    return putBlock(text, { ...want, marks, block: textOf(want.content) })
  },
  hides: (want) => want.content instanceof Secret,
})

const textOf = (content: string | Secret | undefined): string =>
  content instanceof Secret ? content.reveal() : (content ?? '')
