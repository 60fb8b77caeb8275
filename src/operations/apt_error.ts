import { BringupError } from '../errors.ts'
import { troubleOf } from './package_trouble.ts'
import { unavailableError, unreachableSourcesError, wouldRemoveError } from './package_error.ts'

interface Result {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A dpkg that was cut off, as by a lost connection or a power cut, wants to end its work first. */
export const isInterrupted = ({ exitCode, stderr }: Result): boolean =>
  exitCode !== 0 && stderr.includes('dpkg --configure -a')

/** The lists do not fit the sources any more: packages are unknown, or files that they name are gone. */
export const isStale = ({ exitCode, stderr }: Result): boolean =>
  exitCode !== 0 && (UNKNOWN.test(stderr) || /404 +Not Found|Hash Sum mismatch/.test(stderr))

/** @param listsProblem what `apt-get update` said, where it failed */
export function aptError(result: Result, listsProblem: string | null): BringupError {
  const { stderr, stdout, exitCode } = result
  // What dpkg has to say stands in lines of its own, indented.
  const complaints = stderr
    .split('\n')
    .filter(
      (line, at, all) => COMPLAINT.test(line) || (line.startsWith(' ') && COMPLAINT.test(all[at - 1] ?? '')),
    )
  const said = complaints.length > 0 ? complaints : `${stdout}\n${stderr}`.trim().split('\n').slice(-10)
  const before = listsProblem === null ? [] : ['before that, when the lists were refreshed:', listsProblem]
  const seen = [...said, ...before].join('\n')
  if (stderr.includes('Packages need to be removed but remove is disabled'))
    return wouldRemoveError(removals(stdout), seen)
  const trouble = troubleOf(seen)
  if (trouble !== null) return trouble
  if (FETCH_PROBLEM.test(seen)) return unreachableSourcesError(seen)
  const [, name] = NAME.exec(stderr) ?? []
  if (UNKNOWN.test(stderr)) return unavailableError(name ?? 'a package or version', seen, '/etc/apt')
  return new BringupError('COMMAND_FAILED', `apt-get ended with ${exitCode}`, {
    seen,
    remedy: 'Put in order what apt-get complains about; then run again.',
  })
}

const COMPLAINT = /^(E|W|dpkg): /
const NAME = /(?:locate package |Package '|Package |' for ')([^\s']+)/
const UNKNOWN = /Unable to locate package|has no installation candidate|Version '.*' for '.*' was not found/
const FETCH_PROBLEM =
  /Failed to fetch|Temporary failure resolving|Could not (connect|resolve)|Unable to connect/

function removals(stdout: string): string {
  const [, names = 'other packages'] = /will be REMOVED:\n((?: .*\n)*)/.exec(stdout) ?? []
  return names.trim().replace(/\s+/g, ', ')
}
