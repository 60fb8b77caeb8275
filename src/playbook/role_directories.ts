import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** bringup's own roles: `roles/` beside `src/`, in a checkout and, built, in `dist` alike. */
export const builtInRoles = (): string => fileURLToPath(new URL('../../roles', import.meta.url))

/** Where the roles of a playbook are looked for, in this order. */
export function roleDirectories(playbook: string, cwd: string): string[] {
  const beside = dirname(playbook)
  return [
    ...new Set([
      join(beside, 'roles'),
      resolve(beside, '..', 'roles'),
      resolve(cwd, 'roles'),
      builtInRoles(),
    ]),
  ]
}

/** The file that a role in this directory would be loaded from, or null. */
export function roleFile(directory: string): string | null {
  const files = ['role.ts', 'role.js'].map((name) => join(directory, name))
  return files.find((file) => existsSync(file)) ?? null
}

/** Names of all the roles in these directories, each once. */
export function roleNames(directories: readonly string[]): string[] {
  const names = directories.flatMap((directory) => {
    try {
      return readdirSync(directory).filter((name) => roleFile(join(directory, name)) !== null)
    } catch {
      return []
    }
  })
  return [...new Set(names)].toSorted()
}
