import { createHash } from 'node:crypto'
import type { TimedEvent } from '../../run/events.ts'
import { counts, runRecord } from '../run_record.ts'
import { egressPart } from './egress.ts'
import { errorsPart } from './errors.ts'
import { filterPart, SCRIPT } from './filter.ts'
import { headerPart, titleOf } from './header.ts'
import { hostPlaces } from './hosts.ts'
import { markup, verbatim } from './markup.ts'
import { handlersPart, messagesPart } from './messages.ts'
import { recapPart } from './recap.ts'
import { STYLE } from './style.ts'
import { playsPart } from './tasks.ts'
import { timelinePart } from './timeline.ts'

/**
 * Pure: the events of a journal as one HTML page that needs nothing else, neither network nor script. Whatever stands
 * in the journal is text on the page: it is escaped, and the page's policy lets no script run but its own.
 */
export function runPage(events: readonly TimedEvent[]): string {
  const run = runRecord(events)
  const hosts = run.start?.hosts ?? Object.keys(run.recap)
  const places = hostPlaces(hosts)
  const check = run.start?.check === true
  const script = createHash('sha256').update(SCRIPT).digest('base64')
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${script}'; base-uri 'none'; form-action 'none'`
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${titleOf(run)}</title>
<style>${verbatim(STYLE)}</style>
</head>
<body>
<main>
${headerPart(run)}${errorsPart(run.errors)}${errorsPart(run.earlierErrors, 'What went wrong before it was resumed')}${messagesPart(run.messages)}${recapPart(run)}${timelinePart(run, places)}${handlersPart(run.handlers)}${egressPart(run.egress)}${filterPart(hosts, counts(run.recap), check)}${playsPart(run.plays, { hosts: places, check })}<footer>bringup ${run.start?.version ?? ''} · run ${run.start?.run ?? ''}</footer>
</main>
<script>${verbatim(SCRIPT)}</script>
</body>
</html>
`
  return page.toString()
}
