import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { BringupError } from '../errors.ts'
import { runPage } from '../report/html/page.ts'
import { runListText } from '../report/run_list.ts'
import { runRecord } from '../report/run_record.ts'
import { painter } from '../report/style.ts'
import { listRuns, readJournal } from '../run/journal.ts'
import { storyOf } from '../run/story.ts'
import { processContext } from './context.ts'
import type { CommandContext } from './context.ts'

export interface ReportArguments {
  readonly list: boolean
  /** `-` for standard output. */
  readonly output?: string
}

/** Of the runs that a prefix fits. */
const MOST_NAMES = 5

type Context = Pick<CommandContext, 'cwd' | 'out' | 'colour'>

/**
 * `bringup report [RUN]`: what a run did, as one HTML page beside its journal, for its owner only as the journal is.
 * @param wanted the beginning of a run's name; the latest run when left out
 */
export async function reportCommand(
  wanted: string | undefined,
  options: ReportArguments,
  context: Context = processContext(),
): Promise<number> {
  const directory = resolve(context.cwd, '.bringup', 'runs')
  const journal = (run: string): string => join(directory, run, 'journal.jsonl')
  const runs = listRuns(directory).filter((run) => existsSync(journal(run)))
  if (options.list) {
    const listed = runs.map((run) => ({ run, record: runRecord(readJournal(journal(run))) }))
    context.out(runs.length === 0 ? 'no runs yet\n' : `${runListText(listed, painter(context.colour))}\n`)
    return 0
  }
  const run = wanted === undefined ? latest(runs) : named(runs, wanted)
  const page = runPage(storyOf(directory, run))
  if (options.output === '-') {
    context.out(page)
    return 0
  }
  const file = options.output ?? join(directory, run, 'report.html')
  const path = resolve(context.cwd, file)
  writePrivate(path, page)
  context.out(`${relative(context.cwd, path)}\n`)
  return 0
}

function latest(runs: readonly string[]): string {
  const [run] = runs
  if (run !== undefined) return run
  throw new BringupError('USAGE', 'there is no run to report on: .bringup/runs is empty or not here', {
    remedy: 'Run a playbook first, or go to the folder where one was run.',
  })
}

function named(runs: readonly string[], wanted: string): string {
  const found = runs.filter((run) => run.startsWith(wanted))
  const [run, ...others] = found.includes(wanted) ? [wanted] : found
  if (run !== undefined && others.length === 0) return run
  if (run === undefined) {
    throw new BringupError('USAGE', `no run has a name that begins with "${wanted}"`, {
      remedy: 'See bringup report --list.',
    })
  }
  throw new BringupError('USAGE', `${found.length} runs have names that begin with "${wanted}"`, {
    seen: [...found.slice(0, MOST_NAMES), ...(found.length > MOST_NAMES ? ['…'] : [])].join('\n'),
    remedy: 'Write more of the name.',
  })
}

/** Complete or not there, and readable by its owner only whatever was there before. */
function writePrivate(path: string, content: string): void {
  const beside = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(beside, content, { mode: 0o600, flag: 'wx' })
    renameSync(beside, path)
  } catch (cause) {
    throw new BringupError('WRITE_FAILED', `cannot write ${path}`, {
      seen: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Write it elsewhere with --output FILE, or print it with --output -.',
      cause,
    })
  }
}
