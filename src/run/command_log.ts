import { asBringupError } from '../errors.ts'
import type { Redactor } from '../secret.ts'
import type { Remote } from '../connection/remote.ts'
import type { CommandRecord } from '../shell/shell.ts'
import { capped } from './capped.ts'

/** Makes records fit for the journal. Redacted before they are cut: half of a secret would not be found any more. */
export function recordTo(
  redactor: Redactor,
  keep: (command: CommandRecord) => void,
): (command: CommandRecord) => void {
  const fit = (text: string): string => capped(redactor.redact(text))
  return (record) =>
    keep({
      ...record,
      command: record.kind === 'script' ? fit(record.command).slice(0, 200) : fit(record.command),
      stdout: fit(record.stdout),
      stderr: fit(record.stderr),
    })
}

/**
 * The same host, with the scripts that operations run there put on record: not what they print, which may be a file
 * with another secret than the ones that this run knows.
 */
export function recordingScripts(remote: Remote, record: (command: CommandRecord) => void): Remote {
  return {
    ...remote,
    async run(script, options) {
      const began = performance.now()
      const ended = (how: Pick<CommandRecord, 'code' | 'error' | 'stderr'>): void =>
        record({
          command: titleOf(script),
          kind: 'script',
          milliseconds: Math.round(performance.now() - began),
          stdout: '',
          ...how,
        })
      try {
        const result = await remote.run(script, options)
        ended({ code: result.code, stderr: result.stderr.toString() })
        return result
      } catch (error) {
        ended({ code: null, error: asBringupError(error).code, stderr: '' })
        throw error
      }
    },
  }
}

/** An operation's script is always the same; what it is about is in its arguments, which `runScript` sets first. */
function titleOf(script: string): string {
  const lines = script.split('\n')
  const line = lines.find((one) => one.startsWith('set -- ')) ?? lines.find((one) => /\w/.test(one)) ?? ''
  return line.replace(/^set -- /, '')
}
