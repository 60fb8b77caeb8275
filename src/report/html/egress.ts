import type { EgressRecord } from '../run_record.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

/** What hosts could reach through the controller, and what they were refused. */
export function egressPart(egress: ReadonlyMap<string, EgressRecord>): Markup | null {
  if (egress.size === 0) return null
  const rows = [...egress].map(
    ([host, { allowed, refused }]) =>
      markup`<tr><th scope="row">${host}</th><td>${allowed.join(', ')}</td><td class="failed">${refused.map(({ place, reason }) => markup`<p title="${reason}">${place}</p>`)}</td></tr>\n`,
  )
  return markup`<section><h2>Way out through the controller</h2>
<div class="wide"><table class="egress">
<thead><tr><th scope="col">Host</th><th scope="col">May reach</th><th scope="col">Was refused</th></tr></thead>
<tbody>
${rows}</tbody></table></div></section>
`
}
