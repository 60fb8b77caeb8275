import * as z from 'zod'
import { Secret } from '../secret.ts'
import { editOperation, editParams } from './edit_operation.ts'
import { removeSection, setKeys } from './ini_text.ts'
import { presence, secretLine, singleLine } from './params.ts'

const keyName = z.string().regex(/^[^\s=#;[\0]([^\n\r=\0]*[^\s=\0])?$/, 'must be a key, without "="')

// A backslash at its end would take the next line into the value.
const text = singleLine.regex(/^(.*[^\\])?$/, 'must not end with a backslash')

const value = z.union([text, z.number().transform(String), secretLine, z.null()])

const params = z
  .strictObject({
    ...editParams,
    section: singleLine
      .regex(/^[^[\]\s]([^[\]]*[^[\]\s])?$/)
      .nullable()
      .default(null)
      .describe('Name of the section; null before the first one, and where there are none'),
    values: z
      .record(keyName, value)
      .default({})
      .describe('Keys with their values; null removes one. Text, since programs differ in yes, true and 1'),
    quote: z.enum(['', '"', "'"]).optional().describe('How values are quoted; left out, as they are already'),
    duplicates: z
      .enum(['refuse', 'remove'])
      .default('refuse')
      .describe('What to do where a key is set several times: refuse, or keep the last'),
    state: presence,
  })
  .refine(
    (want) =>
      want.state === 'absent' ? Object.keys(want.values).length === 0 : Object.keys(want.values).length > 0,
    'a present section needs values, an absent one has none',
  )
  .refine((want) => want.state === 'present' || want.section !== null, 'what is absent is a section')
  .refine(
    (want) =>
      want.quote === '"' ||
      want.quote === "'" ||
      Object.values(want.values).every((one) => plain(one) === plain(one)?.trim()),
    'a value that begins or ends with a blank needs quote',
  )

/**
 * Keys in one section of an ini-like file (systemd, yum, MySQL, Samba, sysconfig files). All else in it stays, comments
 * and order too. Absent: the section goes with all that is in it.
 */
export const ini = editOperation('ini', {
  params,
  subject: ({ path, section, values }) =>
    [`${path}:`, section === null ? '' : `[${section}]`, Object.keys(values).join(', ')]
      .filter((part) => part !== '')
      .join(' '),
  edit(before, want) {
    if (want.state === 'absent' && want.section !== null) return removeSection(before, want.section)
    const values = Object.entries(want.values).map(([key, one]) => [key, plain(one)] as const)
    return setKeys(before, want, Object.fromEntries(values))
  },
  hides: (want) => Object.values(want.values).some((one) => one instanceof Secret),
})

const plain = (one: string | Secret | null): string | null => (one instanceof Secret ? one.reveal() : one)
