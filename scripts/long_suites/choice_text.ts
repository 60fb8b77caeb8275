import { sumOfMinutes } from './choose.ts'
import type { Choice, Decision } from './choose.ts'

/** What is told before the tests: what runs and why, what does not and how it is run. */
export function choiceText({ chosen, left }: Choice, since: string): string {
  const width = Math.max(...[...chosen, ...left].map(({ suite }) => suite.file.length))
  const row = ({ suite, why }: Decision): string =>
    `  ${suite.file.padEnd(width)}  ${String(suite.minutes).padStart(2)} min  ${why}`
  return [
    `Suites that take minutes (${since}), about ${sumOfMinutes(chosen)} min:`,
    ...chosen.map(row),
    ...(left.length === 0
      ? []
      : ['left out (npm test -- FILE runs one, npm run test:all everything):', ...left.map(row)]),
  ].join('\n')
}
