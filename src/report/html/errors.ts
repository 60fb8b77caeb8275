import type { ErrorReport } from '../../run/events.ts'
import { placeText } from '../error_text.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

/** Errors in full, with a heading: all of the run, and on their own those that were there before it was resumed. */
export function errorsPart(errors: readonly ErrorReport[], what = 'What went wrong'): Markup | null {
  if (errors.length === 0) return null
  const heading = errors.length === 1 ? what : `${what}: ${errors.length} errors`
  return markup`<section><h2>${heading}</h2>
${errors.map((error) => errorCard(error))}</section>
`
}

/** One error: what, where, expected and seen, and what to do next. */
export function errorCard(error: ErrorReport): Markup {
  const where = [error.host, error.role, error.task].filter((part) => part !== undefined).join(' › ')
  const facts: [string, string | undefined][] = [
    ['Expected', error.expected],
    ['Seen', error.seen],
    ['At', error.at === undefined ? undefined : placeText(error.at)],
  ]
  const known = facts.filter(([, text]) => text !== undefined && text !== '')
  return markup`<div class="error">
<p class="where">${where} <code>${error.code}</code></p>
<p class="message">${error.message}</p>
${known.length > 0 && markup`<dl>${known.map(([name, text]) => markup`<dt>${name}</dt><dd><pre>${text?.trimEnd()}</pre></dd>`)}</dl>\n`}${error.remedy !== undefined && markup`<p class="remedy"><b>Next</b> ${error.remedy}</p>\n`}</div>
`
}
