import { dirname } from 'node:path'
import { BringupError } from '../errors.ts'
import { resolveFrom, shownPath } from '../path.ts'
import type { Problems } from '../problems.ts'
import { readText } from '../yaml/read_text.ts'
import { readYaml } from '../yaml/read_yaml.ts'
import type { Play, Playbook } from './playbook.ts'
import { readPlaybook } from './read_playbook.ts'

/**
 * Loads a playbook, with the plays of those it imports in their places. What is wrong is added to the problems; a file
 * that is imported by itself, at whatever distance, too.
 */
export function loadPlaybook(path: string, { cwd, problems }: { cwd: string; problems: Problems }): Playbook {
  const load = (file: string, importedBy: readonly string[]): Play[] => {
    const shown = shownPath(cwd, file)
    const root = readYaml({ text: readText(file, shown), file: shown, directory: dirname(file) }, problems)
    if (root === null) return []
    return readPlaybook(root, problems).flatMap((item) => {
      if ('play' in item) return [item.play]
      const target = resolveFrom(dirname(file), item.imports)
      const chain = [...importedBy, file]
      if (chain.includes(target)) {
        const circle = [...chain.slice(chain.indexOf(target)), target].map((one) => shownPath(cwd, one))
        problems.add('PLAYBOOK_INVALID', `circular imports: ${circle.join(' > ')}`, {
          at: item.at,
          remedy: 'Take this import out.',
        })
        return []
      }
      try {
        return load(target, chain)
      } catch (error) {
        problems.take(error instanceof BringupError ? error.within({ at: item.at }) : error)
        return []
      }
    })
  }
  const before = problems.count
  const file = resolveFrom(cwd, path)
  let plays: Play[] = []
  try {
    plays = load(file, [])
  } catch (error) {
    problems.take(error)
  }
  const shown = shownPath(cwd, file)
  if (plays.length === 0 && problems.count === before)
    problems.add('PLAYBOOK_INVALID', 'the playbook has no plays', {
      at: { file: shown, line: 1, column: 1 },
      remedy: 'Write at least one: "- hosts: all", below it "roles:" with a list.',
    })
  return { file: shown, plays }
}
