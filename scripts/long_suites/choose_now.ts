import { choiceText } from './choice_text.ts'
import { chooseSuites } from './choose.ts'
import { coveredBy } from './covered.ts'
import { historyOf } from './history.ts'
import { longSuites, minutesForThem } from './suites.ts'
import type { LongSuite } from './suites.ts'

/** The suites that do not run this time, and what to tell of it. @param root the project's folder */
export function chooseNow(root: string): { left: readonly string[]; text: string } {
  const { changed, since, turn } = historyOf(root, Math.floor(Date.now() / (24 * 3600 * 1000)))
  const due = (suite: LongSuite): string | null => {
    if (changed === null) return 'may have changed'
    const covered = coveredBy(suite, root)
    const [first, ...more] = changed.filter((path) => covered.has(path))
    if (first === undefined) return null
    return `${first}${more.length === 0 ? '' : ` and ${more.length} more`} changed`
  }
  const candidates = longSuites.map((suite) => ({ suite, due: due(suite) }))
  const choice = chooseSuites(candidates, { turn, minutes: minutesForThem })
  return { left: choice.left.map(({ suite }) => suite.file), text: choiceText(choice, since) }
}
