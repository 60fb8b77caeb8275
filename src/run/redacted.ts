import type { Redactor } from '../secret.ts'
import type { RunEvent } from './events.ts'
import { mapTexts } from './map_texts.ts'

/** An event with known secrets masked: the one place through which all that is shown or kept goes. */
export function redacted(redactor: Redactor, event: RunEvent): RunEvent {
  // What is in an event knows how it is written, a Secret among it.
  const written = JSON.parse(JSON.stringify(event)) as RunEvent
  return mapTexts(written, (text) => redactor.redact(text))
}
