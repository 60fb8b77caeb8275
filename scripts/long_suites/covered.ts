import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import type { LongSuite } from './suites.ts'

/** All files, relative to the project, whose change is a reason to run a suite. */
export function coveredBy({ file, about }: LongSuite, root: string): ReadonlySet<string> {
  const found = new Set<string>()
  const todo = [file, ...about]
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    const at = join(root, path)
    if (found.has(path) || path.endsWith('.md') || !existsSync(at)) continue
    if (statSync(at).isDirectory()) {
      todo.push(...readdirSync(at).map((name) => join(path, name)))
      continue
    }
    found.add(path)
    if (path.startsWith('playbooks/')) todo.push(...rolesOf(readFileSync(at, 'utf8')))
    if (/^(?:roles|src)\/.*\.ts$/.test(path)) todo.push(...importsOf(path, readFileSync(at, 'utf8')))
  }
  return found
}

/** Folders of the roles of a playbook, whether named alone or as `role:` of a mapping. */
function rolesOf(playbook: string): string[] {
  const plays = parse(playbook) as { roles?: (string | { role: string })[] }[]
  return plays.flatMap(({ roles = [] }) =>
    roles.map((entry) => `roles/${typeof entry === 'string' ? entry : entry.role}`),
  )
}

/** What is imported to run: types are nothing at run time. The engine (`bringup`) and what lies in `src` itself is everybody's. */
function importsOf(path: string, source: string): string[] {
  return [...source.matchAll(/^(?:import|export) (?!type )[^']*from '(\.[^']+)'/gm)]
    .map(([, to = '']) => join(dirname(path), to))
    .filter((to) => dirname(to) !== 'src')
}
