import type { Bytes } from '../connection/remote.ts'

/** How much of one stream of a command goes into the journal. */
export const KEPT: Bytes = 64 * 1024

/** A text of any length at a length that a journal can bear: its head and its tail, and how much is missing between. */
export function capped(text: string, most: Bytes = KEPT): string {
  if (text.length * 3 <= most) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= most) return text
  const head = bytes.subarray(0, startOfCharacter(bytes, Math.ceil(most / 2)))
  const tail = bytes.subarray(startOfCharacter(bytes, bytes.length - Math.floor(most / 2)))
  const left = bytes.length - head.length - tail.length
  return `${head.toString()}\n… ${left} bytes left out …\n${tail.toString()}`
}

/** UTF-8 continues a character with bytes of the form 10xxxxxx. */
function startOfCharacter(bytes: Buffer, at: number): number {
  while (at > 0 && ((bytes[at] ?? 0) & 0b1100_0000) === 0b1000_0000) at -= 1
  return at
}
