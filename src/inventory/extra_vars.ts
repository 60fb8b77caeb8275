import { dirname } from 'node:path'
import { createProblems } from '../problems.ts'
import type { Problems } from '../problems.ts'
import { resolveFrom, shownPath } from '../path.ts'
import { readText } from '../yaml/read_text.ts'
import { readYaml } from '../yaml/read_yaml.ts'
import type { Entry, LocatedMap } from '../yaml/located.ts'
import { expectMap } from '../yaml/shape.ts'
import type { Var, Vars } from './inventory.ts'
import { varOf } from './var.ts'

/** The source of vars given on the command line, and the file that their places name. */
export const commandLine = '-e'

/**
 * Reads the `-e` arguments: `key=value` with the value as YAML (`-e replicas=3`, `-e 'names=[a, b]'`,
 * `-e 'hacluster_password=!env PASSWORD'`), or `@file.yml`. Later ones win.
 * @throws BringupErrors with everything that is wrong in them
 */
export function parseExtraVars(given: readonly string[], cwd: string = process.cwd()): Vars {
  const problems = createProblems()
  const vars = new Map<string, Var>()
  for (const argument of given)
    for (const [name, value] of readArgument(argument, cwd, problems)) vars.set(name, value)
  problems.throwIfAny()
  return vars
}

function readArgument(argument: string, cwd: string, problems: Problems): [string, Var][] {
  if (argument.startsWith('@')) return readFile(argument.slice(1), cwd, problems)
  const [, name, text = ''] = /^([A-Za-z_][\w.-]*)=(.*)$/s.exec(argument) ?? []
  if (name === undefined) {
    problems.add('USAGE', '-e takes key=value, or @file.yml', {
      remedy: 'Write for example: -e cluster_name=prod, or -e @site.yml.',
    })
    return []
  }
  const start = { line: 1, column: name.length + 2 }
  const at = { file: commandLine, ...start }
  // An empty value is empty text, as in a shell, not YAML's null.
  const value =
    text.trim() === '' ? empty(at) : readYaml({ text, file: commandLine, directory: cwd, start }, problems)
  if (value === null) {
    if (problems.count === 0) return [[name, varOf({ key: at, value: nothing(at) }, commandLine)]]
    return []
  }
  return [[name, varOf({ key: at, value }, commandLine)]]
}

const empty = (at: Entry['key']) => ({ kind: 'scalar', value: '', literal: true, at }) as const
const nothing = (at: Entry['key']) => ({ kind: 'scalar', value: null, literal: true, at }) as const

function readFile(path: string, cwd: string, problems: Problems): [string, Var][] {
  const absolute = resolveFrom(cwd, path)
  const shown = shownPath(cwd, absolute)
  try {
    const text = readText(absolute, shown)
    const root = readYaml({ text, file: shown, directory: dirname(absolute) }, problems)
    if (root === null) return []
    const map: LocatedMap = expectMap(
      root,
      'a file of vars',
      'Write one "name: value" per line.',
      problems,
      'VAR_INVALID',
    )
    return [...map.entries].map(([name, entry]) => [name, varOf(entry, `-e @${shown}`)])
  } catch (error) {
    problems.take(error)
    return []
  }
}
