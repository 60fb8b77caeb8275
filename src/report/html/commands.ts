import { stripVTControlCharacters } from 'node:util'
import type { CommandRecord } from '../../shell/shell.ts'
import { duration } from '../style.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

/** Of a longer output, the first and the last of these are shown; the journal has it all. */
const MOST_LINES = 600

const MOST_CHARACTERS = 120

/**
 * One command with its exit code and time; what it printed is folded away. Of an operation's own script the journal has
 * the arguments, and no output.
 */
export function commandPart(command: CommandRecord, host: string | null): Markup {
  const text = command.command.trim()
  const short = inShort(text)
  const head = markup`${host !== null && markup`<span class="host">${host}</span> `}${command.kind === 'script' && markup`<small>script</small> `}${short !== '' && markup`<code>${short}</code> `}<span class="exit ${command.code === 0 ? 'ok' : 'nonzero'}">${command.code === null ? (command.error ?? 'end not known') : `exit ${command.code}`}</span> <span class="time">${duration(command.milliseconds)}</span>`
  const inside = [
    short !== text && markup`<pre class="script">${text}</pre>`,
    streamPart('', command.stdout),
    streamPart('stderr', command.stderr),
  ].filter((part) => part !== false && part !== null)
  if (inside.length === 0) return markup`<div class="command">${head}</div>\n`
  return markup`<details class="command"><summary>${head}</summary>${inside}</details>\n`
}

/** A script on one line, as far as it fits. */
function inShort(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1)}…`
}

function streamPart(name: string, text: string): Markup | null {
  const shown = outputText(text)
  if (shown === '') return null
  return markup`<pre class="output ${name}"${name !== '' && markup` data-name="${name}"`}>${shown}</pre>`
}

/** Output as a terminal would leave it: colours gone, lines that were written over on lines of their own. */
export function outputText(output: string): string {
  const text = stripVTControlCharacters(output).replaceAll('\r\n', '\n').replaceAll('\r', '\n').trimEnd()
  const lines = text.split('\n')
  if (lines.length <= MOST_LINES) return text
  const half = MOST_LINES / 2
  const left = lines.length - MOST_LINES
  return [
    ...lines.slice(0, half),
    `… ${left} lines are left out here; the journal has them …`,
    ...lines.slice(-half),
  ].join('\n')
}
