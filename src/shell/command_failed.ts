import { BringupError } from '../errors.ts'

/**
 * What a failed command is told as: the command, its status, and the last that it said. Secrets are masked before that is
 * cut: half of one would not be found any more.
 */
export function commandFailed(failed: {
  host: string
  command: string
  code: number
  stdout: string
  stderr: string
  redact: (text: string) => string
}): BringupError {
  const { host, code, redact } = failed
  const how = code > 128 && code < 128 + 65 ? `status ${code} (signal ${code - 128})` : `status ${code}`
  const said = lastLines(redact(failed.stderr)) || lastLines(redact(failed.stdout))
  return new BringupError('COMMAND_FAILED', `\`${oneLine(redact(failed.command))}\` ended with ${how}`, {
    host,
    seen: said || 'it said nothing',
  })
}

/** The first line of a command that says something, at a length that fits a message. */
function oneLine(command: string): string {
  const lines = command.split('\n').filter((line) => line.trim() !== '')
  const first = (lines[0] ?? '').trim()
  const cut = first.length > 160 ? first.slice(0, 160) : first
  return lines.length > 1 || cut.length < first.length ? `${cut} …` : cut
}

function lastLines(text: string, most = 10): string {
  return text.trimEnd().split('\n').slice(-most).join('\n').slice(-2000).trim()
}
