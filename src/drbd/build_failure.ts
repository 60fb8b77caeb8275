import { drbdadmFailures } from './failures/drbdadm.ts'
import type { KnownFailure } from './failures/failure.ts'
import { moduleBuildFailures } from './failures/module_build.ts'
import { moduleLoadFailures } from './failures/module_load.ts'
import { utilsBuildFailures } from './failures/utils_build.ts'

export interface FailureMeaning {
  /** What it means; null where the text is not known. */
  readonly meaning: string | null
  readonly remedy: string | null
  /** The lines that say it, in their order; of unknown output the last that sound like an error. */
  readonly lines: readonly string[]
}

const MOST_LINES = 10
/** In characters; what a compiler is called with may be longer by far, and says nothing. */
const LONGEST_LINE = 1000

/** The first that matches counts: what names a cause stands before what follows of it. */
export const knownFailures: readonly KnownFailure[] = [
  ...moduleBuildFailures,
  ...utilsBuildFailures,
  ...moduleLoadFailures,
  ...drbdadmFailures,
]

/** What the output of a failed make, rpmbuild, rpm, modprobe or drbdadm means. */
export function explainFailure(output: string): FailureMeaning {
  const lines = output
    .split('\n')
    .map((line) => line.slice(0, LONGEST_LINE).trimEnd())
    .filter((line) => line !== '')
  for (const { says, meaning, remedy } of knownFailures) {
    const saying = lines.filter((line) => says.test(line))
    // A compiler says the same of a hundred places; the first are the ones to read.
    if (saying.length > 0) return { meaning, remedy, lines: [...new Set(saying)].slice(0, MOST_LINES) }
  }
  const errors = lines.filter((line) => ERROR.test(line) && !BENIGN.test(line))
  const last = errors.length > 0 ? errors : lines
  return { meaning: null, remedy: null, lines: last.slice(-MOST_LINES) }
}

const ERROR =
  /\b(errors?|fatal|fail(ed|ure)|cannot|can ?not|can't|denied|refused|undefined reference|not found|no such)\b|\*\*\*/i
const BENIGN = /[[(]ignored[\])]|\bwarning:|You may safely ignore|^checking\b/i
