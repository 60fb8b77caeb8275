import { BringupError } from '../errors.ts'

/** What stood under each heading of {@link gatherScript}'s output; a heading that is missing reads as empty. */
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
