import { resolve } from 'node:path'
import type { Planning } from './planning.ts'
import { loadRole } from './load_role.ts'
import type { LoadedRole } from './load_role.ts'
import type { Playbook, RoleEntry } from './playbook.ts'
import { roleDirectories, roleNames } from './role_directories.ts'

/** The roles of a playbook. Null for one that could not be loaded, which is among the problems then. */
export interface LoadedRoles {
  of(entry: RoleEntry): LoadedRole | null
  /** The vars of all other roles that are within reach; null where one of them can not be loaded, and may have any. */
  otherVars(): Promise<ReadonlySet<string> | null>
}

/** Loads every role that a playbook names, once each, all at the same time. */
export async function loadRoles(playbook: Playbook, { cwd, problems }: Planning): Promise<LoadedRoles> {
  const loading = new Map<string, Promise<LoadedRole | null>>()
  const loaded = new Map<RoleEntry, LoadedRole | null>()
  const directoriesOf = (file: string): string[] => roleDirectories(resolve(cwd, file), cwd)
  const entries = playbook.plays.flatMap((play) => play.roles)
  await Promise.all(
    entries.map(async (entry) => {
      const directories = directoriesOf(entry.at.file)
      const key = JSON.stringify([entry.role, directories])
      const role =
        loading.get(key) ??
        loadRole(entry.role, entry.at, { directories, cwd }).catch((error: unknown) => {
          problems.take(error)
          return null
        })
      loading.set(key, role)
      loaded.set(entry, await role)
    }),
  )
  return {
    of: (entry) => loaded.get(entry) ?? null,
    async otherVars() {
      const directories = directoriesOf(playbook.file)
      const used = new Set(entries.map((entry) => entry.role))
      const others = roleNames(directories).filter((name) => !used.has(name))
      const found = await Promise.all(
        others.map((name) => loadRole(name, undefined, { directories, cwd }).catch(() => null)),
      )
      if (found.includes(null)) return null
      return new Set(found.flatMap((role) => [...(role?.schemas.keys() ?? [])]))
    },
  }
}
