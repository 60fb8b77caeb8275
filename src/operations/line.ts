import * as z from 'zod'
import { Secret } from '../secret.ts'
import { editOperation, editParams } from './edit_operation.ts'
import { addLine, removeLine } from './line_text.ts'
import { linePattern, presence, secretLine, singleLine } from './params.ts'

const params = z
  .strictObject({
    ...editParams,
    line: z.union([singleLine, secretLine]).optional().describe('The whole line, without its end'),
    match: linePattern.optional().describe('Regular expression of the line that it replaces, or that goes'),
    insertAfter: linePattern.optional().describe('A new line goes behind the last line that matches'),
    insertBefore: linePattern.optional().describe('A new line goes before the first line that matches'),
    duplicates: z
      .enum(['refuse', 'remove'])
      .default('refuse')
      .describe('What to do where several lines match: refuse, or keep one'),
    state: presence,
  })
  .refine((want) => want.state === 'absent' || want.line !== undefined, 'line is needed')
  .refine((want) => want.line !== undefined || want.match !== undefined, 'line or match is needed')
  .refine(
    (want) => want.insertAfter === undefined || want.insertBefore === undefined,
    'insertAfter and insertBefore exclude each other',
  )

/**
 * One line in a text file. Where several lines match, it refuses rather than guess which of them the program takes.
 * Absent: all lines that are equal or match go.
 */
export const line = editOperation('line', {
  params,
  subject: ({ path, line, match }) => `${path}: ${line === undefined ? String(match) : String(line)}`,
  edit(text, want) {
    const wanted = want.line instanceof Secret ? want.line.reveal() : want.line
    if (want.state === 'absent') return removeLine(text, wanted, want.match)
    return addLine(text, { ...want, line: wanted ?? '' })
  },
  hides: (want) => want.line instanceof Secret,
})
