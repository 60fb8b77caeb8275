import * as z from 'zod'
import { Secret } from '../secret.ts'

/** What a `Secret` becomes where it slips into text; content that holds it was built without `reveal()`. */
const MASK = String(new Secret(''))

/**
 * A path from the root. Doubled and trailing slashes are dropped; `.` and `..` are refused, since what they lead to
 * depends on symlinks, and two spellings of one path would not be seen as one.
 */
export const absolutePath = z
  .string()
  .regex(/^\/[^\0]*$/, 'must be an absolute path, as /etc/hosts')
  .refine((path) => !/(^|\/)\.\.?(\/|$)/.test(path), 'must not have "." or ".." in it')
  .transform((path) => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'))
  .describe('Absolute path on the host')

const notANumber = (issue: { input?: unknown }) =>
  typeof issue.input === 'number'
    ? `a mode must be in quotes, as "0644": without them YAML reads the number ${issue.input}, whose octal digits are lost`
    : undefined

/** Permission bits as octal digits in a string, three or four of them; given out as four: `0644`, `1777`. */
export const octalMode = z
  .string({ error: notANumber })
  .regex(/^[0-7]{3,4}$/, 'must be three or four octal digits in quotes, as "0644"')
  .transform((mode) => mode.padStart(4, '0'))
  .describe('Permissions as octal digits in quotes, as "0644"')

/** The name of a user or group, or a numeric id; digits alone are an id, as for chown(1). */
const account = z.union([
  z.string().regex(/^[^\s:/\0-][^\n:/\0]*$/, 'must be a name or a numeric id'),
  z.int().min(0).transform(String),
])

export const ownerName = account.describe('User name, or a numeric id')
export const groupName = account.describe('Group name, or a numeric id')

const revealed = (text: string) => !text.includes(MASK)
const notRevealed = `holds "${MASK}": a secret was put into text without reveal(); make the whole text a Secret`

/** Text of any length that no masked secret slipped into. */
export const plainText = z.string().refine(revealed, notRevealed)

/** Text without line ends. */
export const singleLine = z
  .string()
  .regex(/^[^\n\r\0]*$/, 'must be a single line')
  .refine(revealed, notRevealed)

export const secret = z.instanceof(Secret)

/** What a file holds; a {@link Secret} is never shown, not even as a diff. */
export const fileContent = z.union([plainText, z.instanceof(Buffer), secret])

/** A sha256 digest in hexadecimal, given out in lower case. */
export const sha256 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'must be a sha256 digest: 64 hexadecimal digits')
  .transform((digest) => digest.toLowerCase())

export const presence = z.enum(['present', 'absent']).default('present').describe('Whether it is to be there')

/** A regular expression for one line; text is taken as its source. */
export const linePattern = z.union([
  z.instanceof(RegExp),
  z.string().transform((source, context) => {
    try {
      return new RegExp(source)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
      return z.NEVER
    }
  }),
])

/** A secret without line ends. */
export const secretLine = secret.refine((value) => !/[\n\r\0]/.test(value.reveal()), 'must be a single line')

/** Where to get the same thing, in order of trial. A password in one would be seen in process lists and reports. */
export const urls = z
  .array(
    z
      .url({ protocol: /^(https?|file)$/, error: 'must be an https, http or file URL' })
      .refine((url) => URL.parse(url)?.password === '', 'must not hold a password'),
  )
  .min(1)
  .describe('URLs of the same thing; the first that gives it is taken')
