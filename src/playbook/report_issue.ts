import type { Var } from '../inventory/inventory.ts'
import { didYouMean } from '../nearest.ts'
import type { Problems } from '../problems.ts'
import { pathText } from './explain_issue.ts'
import type { Explained } from './explain_issue.ts'
import type { LoadedRole } from './load_role.ts'
import type { RoleEntry } from './playbook.ts'
import { descriptionOf } from './var_schemas.ts'

/** Who reads the vars: a role, for some hosts. */
export interface Reader {
  readonly role: LoadedRole
  readonly hosts: readonly string[]
}

/** Adds what a role's schema refused to the problems, at the place in the YAML where it was written. */
export function reportIssue(
  { path, expected, seen, missing }: Explained,
  given: ReadonlyMap<string, Var>,
  { role, hosts }: Reader,
  { entry, problems }: { readonly entry: RoleEntry; readonly problems: Problems },
): void {
  const [first, ...inside] = path
  const name = first === undefined ? '' : String(first)
  const schema = role.schemas.get(name)
  const description = schema === undefined ? undefined : descriptionOf(schema)
  const about = description === undefined ? '' : ` ${name}: ${description}`
  const found = given.get(name)
  if (found === undefined && missing) {
    const message = (names: string): string =>
      `the role ${role.name} needs the var ${name}, which is not set for ${names}`
    problems.addFor(hosts, 'VAR_INVALID', message, {
      role: role.name,
      at: entry.at,
      expected,
      remedy: `Set ${name} in the inventory or group_vars/, below "vars:" here, or with -e ${name}=….${about}`,
    })
    return
  }
  const which = name === '' ? `the vars of ${role.name}` : `${pathText(path)} of the role ${role.name}`
  const unknownKey = expected === 'no such key'
  const meant = unknownKey ? didYouMean(String(path.at(-1)), knownKeys(role, path)) : ''
  problems.addFor(hosts, 'VAR_INVALID', (names) => `${which} is wrong for ${names}${meant}`, {
    role: role.name,
    at: found?.locate(inside) ?? entry.at,
    expected,
    seen: missing ? 'nothing' : seen,
    remedy: `${unknownKey ? 'Correct the key, or take it out.' : 'Correct the value.'}${about}`,
  })
}

/** Keys that stand beside a wrong one in a schema, as far as its objects and lists can be followed. */
function knownKeys(role: LoadedRole, path: readonly PropertyKey[]): string[] {
  let keys: ReadonlyMap<string, unknown> | null = role.schemas
  for (const step of path.slice(0, -1)) {
    const schema: unknown = typeof step === 'number' ? null : keys?.get(String(step))
    if (typeof step === 'number') continue
    keys = shapeOf(schema)
  }
  return keys === null ? [] : [...keys.keys()]
}

function shapeOf(schema: unknown): ReadonlyMap<string, unknown> | null {
  let current = schema as { _zod?: { def: Record<string, unknown> } } | undefined
  while (current?._zod !== undefined) {
    const { shape, innerType, element, in: input } = current._zod.def
    if (shape !== undefined) return new Map(Object.entries(shape as object))
    current = (innerType ?? element ?? input) as typeof current
  }
  return null
}
