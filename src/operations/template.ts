import * as z from 'zod'
import { BringupError } from '../errors.ts'
import { Secret } from '../secret.ts'
import { contentOf } from './content.ts'
import { fileParams } from './file_params.ts'
import { operation } from './operation.ts'
import { plainText } from './params.ts'
import { pathKey, readPath } from './path_state.ts'
import { applyFile, fileAfter, planFile } from './whole_file.ts'
import type { WholeFile } from './whole_file.ts'

/** A function from data to what a file holds; one that puts secrets in gives its text as a {@link Secret}. */
export type Template<Data> = (data: Data) => string | Secret

const params = z.strictObject({
  ...fileParams,
  template: z
    .custom<Template<never>>((value) => typeof value === 'function', 'must be a function from data to text')
    .describe('Function that gives the text, or a Secret'),
  data: z.unknown().describe('What the function is given'),
})

type Want = z.output<typeof params>

/** A call of `template` in which the function and its data fit each other. */
export type TemplateParams<Data> = Omit<z.input<typeof params>, 'template' | 'data'> & {
  template: Template<Data>
  data: Data
}

/** A file whose text a function makes: `template({ path, template: corosyncConf, data: { nodes, totem } })`. */
export const template = operation('template', {
  params,
  subject: (want) => want.path,
  read: (context, want) => readPath(context, want.path, { follow: want.follow }),
  plan: (now, want) => planFile(now, rendered(want)),
  apply: (context, _changes, want, now) => applyFile(context, now, rendered(want)),
  after: (now, want) => fileAfter(now, rendered(want)),
  key: (want) => pathKey(want.path),
})

function rendered(want: Want): WholeFile {
  const text = want.template(want.data as never)
  const hidden = text instanceof Secret || want.secret
  if (typeof text === 'string') refuseAccidents(want.path, text)
  return { ...want, content: contentOf(text, want.secret), mode: want.mode ?? (hidden ? '0600' : undefined) }
}

/** What a template literal makes of a value that was not meant to be text. */
function refuseAccidents(path: string, text: string): void {
  const masked = plainText.safeParse(text)
  const why = !masked.success
    ? masked.error.issues[0]?.message
    : text.includes('[object Object]')
      ? 'holds "[object Object]": an object was put into text'
      : undefined
  if (why === undefined) return
  throw new BringupError('ROLE_INVALID', `the template of ${path} ${why}`, {
    remedy: 'Correct the template function.',
  })
}
