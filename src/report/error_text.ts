import type { Place } from '../errors.ts'
import type { ErrorReport } from '../run/events.ts'
import { indent } from './style.ts'
import type { Paint } from './style.ts'

export const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`

/**
 * An error for people: where, what, expected and seen, what to do next. Nothing that is not known is mentioned.
 *
 * ```text
 * inventory/lab.yml:4:11 unknown key "prot" [INVENTORY_INVALID]
 *   expected  one of host, user, port
 *   next      Write port.
 * ```
 */
export function errorText(error: ErrorReport, paint: Paint): string {
  const place = error.at === undefined ? '' : `${paint('bold', placeText(error.at))} `
  const heading = `${place}${error.message} ${paint('dim', `[${error.code}]`)}`
  const facts = [
    ['expected', error.expected],
    ['seen', error.seen],
    ['next', error.remedy],
  ] as const
  const lines = facts
    .filter(([, text]) => text !== undefined && text !== '')
    .map(([label, text]) => `${paint('dim', label.padEnd(8))}  ${hanging(text as string)}`)
  return [heading, ...lines.map((line) => indent(line, 2))].join('\n')
}

const hanging = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .join(`\n${' '.repeat(10)}`)
