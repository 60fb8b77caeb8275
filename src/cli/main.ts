import { CommanderError } from 'commander'
import { asBringupError, BringupErrors } from '../errors.ts'
import { errorText } from '../report/error_text.ts'
import { painter } from '../report/style.ts'
import { reportError } from '../run/error_report.ts'
import { bringupProgram } from './program.ts'

/** Runs one command line. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = bringupProgram((code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1
    return fail(error)
  }
}

/** Says what is wrong, on standard error; a stack trace only for what is a defect, and only when asked for. */
function fail(thrown: unknown): number {
  const paint = painter(process.stderr.hasColors?.() ?? false)
  const problems = thrown instanceof BringupErrors ? thrown.problems : [asBringupError(thrown)]
  for (const problem of problems) process.stderr.write(`${errorText(reportError(problem), paint)}\n`)
  if (process.env['BRINGUP_DEBUG'] !== undefined && thrown instanceof Error)
    process.stderr.write(`${thrown.stack}\n`)
  return problems[0]?.exitCode ?? 1
}
