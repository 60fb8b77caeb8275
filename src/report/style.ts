import { styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]

/** Gives text a look, or leaves it as it is where the output is no terminal or wants no colour. */
export type Paint = (format: Format, text: string) => string

export function painter(colour: boolean): Paint {
  return (format, text) => (colour ? styleText(format, text, { validateStream: false }) : text)
}

/** A duration as people read it: `0.03 s`, `1.2 s`, `12 s`, `3 min 05 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 0.1) return `${seconds.toFixed(2)} s`
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}

export function indent(text: string, by: number): string {
  const space = ' '.repeat(by)
  return text
    .split('\n')
    .map((line) => (line === '' ? line : space + line))
    .join('\n')
}

/**
 * Text of a host as it is safe to show: control characters could move the cursor, or make a terminal do worse, and are
 * written out (`^[`). A carriage return in the middle of a line, as progress bars use it, begins another.
 */
export function printable(text: string): string {
  return (
    text
      .replace(/\r(?!\n|$)/g, '\n')
      // oxlint-disable-next-line no-control-regex -- they are what this is about
      .replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, (c) => `^${String.fromCharCode(c.charCodeAt(0) ^ 64)}`)
      .replace(/[\u0080-\u009F]/g, '�')
  )
}
