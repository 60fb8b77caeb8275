import { BringupError } from '../errors.ts'

/**
 * The beginning of a script that prints sections, each under a line of the mark and its name, the last one `end`; nothing
 * on the host can know the mark beforehand. With functions that such scripts need, and messages in English.
 */
export const sectionsHead = (mark: string): string => `LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL PATH
section() { printf '\\n%s %s\\n' ${mark} "$1"; }
has() { command -v "$1" >/dev/null 2>&1; }
first_line() { if [ -r "$1" ] && IFS= read -r line <"$1"; then printf '%s\\n' "$line"; fi; }`

/** What stood under each heading of such a script's output; a heading that is missing reads as empty. */
export interface Sections {
  readonly text: (name: string) => string
  readonly lines: (name: string) => string[]
}

/** @throws BringupError COMMAND_FAILED when the output has no end */
export function readSections(output: string, mark: string): Sections {
  const found = new Map<string, string>()
  for (const piece of output.split(`\n${mark} `).slice(1)) {
    const end = piece.indexOf('\n')
    if (end >= 0) found.set(piece.slice(0, end), piece.slice(end + 1).trim())
  }
  if (!found.has('end'))
    throw new BringupError('COMMAND_FAILED', 'the facts of the host came back incomplete', {
      expected: 'an answer with an end',
      seen: `${output.length} characters, the last of them ${JSON.stringify(output.slice(-60))}`,
      remedy: 'Log in and see whether `sh` works there, and whether the disk of the host answers.',
    })
  const text = (name: string): string => found.get(name) ?? ''
  return {
    text,
    lines: (name) =>
      text(name)
        .split('\n')
        .filter((line) => line.trim() !== ''),
  }
}
