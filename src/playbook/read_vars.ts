import type { Var } from '../inventory/inventory.ts'
import type { Problems } from '../problems.ts'
import { explainIssue, pathText } from './explain_issue.ts'
import type { LoadedRole } from './load_role.ts'
import type { RoleEntry } from './playbook.ts'
import type { Reading } from './pick_vars.ts'
import { reportIssue } from './report_issue.ts'
import type { Reader } from './report_issue.ts'
import { clearTextNote } from '../secrets/clear_text.ts'
import { writtenInClear } from '../secrets/walk.ts'
import { commandLine } from '../inventory/extra_vars.ts'

export interface ReadContext {
  readonly entry: RoleEntry
  readonly problems: Problems
  readonly note: (text: string) => void
}

/**
 * Checks picked vars against the role's schema; what is wrong is added to the problems, at its place in the YAML.
 * @returns what the schema gave out, frozen, since hosts share it; null where something is wrong
 */
export async function readVars(
  role: LoadedRole,
  { hosts, given }: Reading,
  context: ReadContext,
): Promise<Readonly<Record<string, unknown>> | null> {
  const reader = { role, hosts: hosts.map((host) => host.name) }
  if (refuseTemplates(given, reader, context)) return null
  const input = Object.fromEntries([...given].map(([name, { value }]) => [name, value]))
  try {
    const result = await role.definition.vars.safeParseAsync(input)
    if (result.success) {
      checkClearText(input, result.data, given, reader, context)
      return freeze(result.data) as Readonly<Record<string, unknown>>
    }
    for (const issue of result.error.issues)
      for (const explained of explainIssue(issue, input)) reportIssue(explained, given, reader, context)
  } catch (cause) {
    const message = `checking the vars of ${role.name} throws: ${(cause as Error).message}`
    context.problems.addFor(reader.hosts, 'ROLE_INVALID', () => message, {
      role: role.name,
      at: context.entry.at,
      remedy: 'Correct the refinement or transform in the schema of its vars.',
      cause,
    })
  }
  return null
}

function refuseTemplates(
  given: ReadonlyMap<string, Var>,
  { role, hosts }: Reader,
  { problems }: ReadContext,
): boolean {
  const templates = [...given].filter(([, { template }]) => template !== undefined)
  for (const [name, { template }] of templates)
    problems.addFor(hosts, 'VAR_INVALID', () => `${name} holds a template, which is not evaluated`, {
      role: role.name,
      at: template!,
      seen: '{{ … }}',
      remedy: 'Write the value itself; if the braces are meant as they stand, tag it: !unsafe "…".',
    })
  return templates.length > 0
}

/** A secret in plain text: worth a note in a file, an error where everybody on this machine can read it. */
function checkClearText(
  input: Readonly<Record<string, unknown>>,
  output: unknown,
  given: ReadonlyMap<string, Var>,
  { role, hosts }: Reader,
  { problems, note }: ReadContext,
): void {
  for (const [first, ...inside] of writtenInClear(input, output)) {
    const name = String(first)
    const found = given.get(name)
    if (found === undefined) continue
    const at = found.locate(inside)
    if (found.source !== commandLine) {
      note(clearTextNote(at, pathText([name, ...inside])))
      continue
    }
    const message = `${name} is a secret, and everybody on this machine can read a command line`
    problems.addFor(hosts, 'VAR_INVALID', () => message, {
      role: role.name,
      at,
      remedy: `Give it as -e '${name}=!env NAME', or as !env, !file, !prompt or !age in YAML.`,
    })
  }
}

function freeze(value: unknown): unknown {
  const isPlain =
    Array.isArray(value) ||
    (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  if (!isPlain || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const item of Object.values(value as object)) freeze(item)
  return value
}
