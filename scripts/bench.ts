// `npm run bench`: how fast bringup is, beside Ansible and beside what is possible at all. See BENCHMARKS.md.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BringupError } from '../src/errors.ts'
import { errorText } from '../src/report/error_text.ts'
import { painter } from '../src/report/style.ts'
import { reportError } from '../src/run/error_report.ts'
import { raiseBenchLab } from './bench/bench_lab.ts'
import { benchmarksPage } from './bench/benchmarks_page.ts'
import { describeMachine } from './bench/machine.ts'
import { measureStart } from './bench/measure_start.ts'
import { measureSteps } from './bench/measure_steps.ts'
import { measureInstall } from './bench/install/measure.ts'
import { installSection, installTitle } from './bench/install/section.ts'
import { parseBenchOptions } from './bench/options.ts'
import type { BenchOptions } from './bench/options.ts'
import { sectionOf, withSection } from './bench/page_section.ts'
import { keepResults } from './bench/results.ts'
import type { Results, SimulatedResult, StartResult, StepsResult } from './bench/results.ts'
import { runSimulated } from './bench/simulated/measure.ts'
import { judgeTargets, targetLine } from './bench/targets.ts'
import { memoryText, timeText } from './bench/units.ts'
import { makeWorkplace } from './bench/workplace.ts'
import type { Workplace } from './bench/workplace.ts'
import { needBenchPackages } from './lab/packages.ts'

const page = join(import.meta.dirname, '../BENCHMARKS.md')
/** The section that those come before which are measured by themselves, the second by the tests of the rebuild. */
const howTitle = 'How it is measured'
const ownSections = [installTitle, 'A rebuild']
const say = (line: string): void => console.log(line)
const today = (): string => new Date().toISOString().slice(0, 10)

try {
  await bench(parseBenchOptions(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof BringupError)) throw error
  console.error(errorText(reportError(error), painter(false)))
  process.exitCode = error.exitCode
}

async function bench(options: BenchOptions): Promise<void> {
  if (options.only.includes('install')) await benchInstall(options)
  if (options.only.every((part) => part === 'install')) return
  await needBenchPackages(say)
  say('building the package')
  await using workplace = await makeWorkplace()
  const inLab = options.only.includes('steps') || options.only.includes('start')
  const measured = inLab ? await measureInLab(workplace, options) : { steps: [], start: null }
  const simulated = options.only.includes('simulated') ? await simulate(workplace, options.simulated) : []
  const results: Results = {
    machine: await describeMachine(),
    date: today(),
    ...measured,
    simulated,
  }
  const all = options.quick ? results : await keepResults(results)
  say('')
  for (const target of judgeTargets(all)) say(targetLine(target))
  if (!options.write) return
  const before = await readFile(page, 'utf8')
  const kept = ownSections.reduce(
    (text, title) => withSection(text, title, sectionOf(before, title) ?? '', howTitle),
    benchmarksPage(all),
  )
  await writeFile(page, kept)
}

/** The rest of the page stays as it is: it is measured by itself, and takes hours. */
async function benchInstall({ write }: BenchOptions): Promise<void> {
  const section = installSection(await measureInstall(say), await describeMachine(), today())
  if (!write) return say(section)
  await writeFile(page, withSection(await readFile(page, 'utf8'), installTitle, section, howTitle))
}

async function measureInLab(
  workplace: Workplace,
  { settings, only }: BenchOptions,
): Promise<{ steps: StepsResult[]; start: StartResult | null }> {
  await using lab = await raiseBenchLab(Math.max(...settings.map(({ hosts }) => hosts)), say)
  const repeats = Math.max(...settings.map((setting) => setting.repeats))
  const start = only.includes('start') ? await measureStart(lab, workplace, repeats) : null
  if (start !== null)
    say(`start: ${timeText(start.version)} for --version, ${timeText(start.untilFirstTask)} to a first task`)
  const steps: StepsResult[] = []
  for (const setting of only.includes('steps') ? settings : []) {
    const { hosts, delay } = setting
    const where = `${hosts === 1 ? '1 host' : `${hosts} hosts`}${delay === 0 ? '' : `, ${delay} ms more`}`
    steps.push(
      await measureSteps(lab, workplace, setting, {
        ended: (what, { wall }) => say(`${where.padEnd(20)} ${what.padEnd(16)} ${timeText(wall)}`),
      }),
    )
  }
  return { steps, start }
}

async function simulate(workplace: Workplace, counts: readonly number[]): Promise<SimulatedResult[]> {
  const results: SimulatedResult[] = []
  for (const hosts of counts) {
    const { first, second } = await runSimulated(workplace, hosts)
    const result = {
      hosts,
      wallFirst: first.wall,
      wall: second.wall,
      maxRssFirst: first.maxRss,
      maxRss: second.maxRss,
    }
    results.push(result)
    const memory = `${memoryText(result.maxRssFirst)} and ${memoryText(result.maxRss)}`
    say(`${hosts} simulated hosts: ${timeText(result.wallFirst)} and ${timeText(result.wall)}, ${memory}`)
  }
  return results
}
