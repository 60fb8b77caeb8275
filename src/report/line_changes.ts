/**
 * A text that comes again and again, for a file or a pipe: whole at first, then only the lines that went (`-`) and came
 * (`+`), each with the time; nothing where nothing changed.
 */
export function createLineChanges(write: (text: string) => void): (text: string, time: string) => void {
  let before: readonly string[] | null = null
  return (text, time) => {
    const now = text.split('\n')
    if (before === null) write(`${time}\n${text}\n`)
    else {
      const gone = without(before, now).map((line) => `- ${line}`)
      const come = without(now, before).map((line) => `+ ${line}`)
      const lines = [...gone, ...come].map((line) => `${time} ${line}\n`)
      if (lines.length > 0) write(lines.join(''))
    }
    before = now
  }
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others)
  return lines.filter((line) => line.trim() !== '' && !known.has(line))
}
