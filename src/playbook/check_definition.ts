import { BringupError } from '../errors.ts'
import { settingNames } from '../inventory/setting_names.ts'
import type { RoleDefinition } from '../role.ts'
import { isSchema, varSchemas } from './var_schemas.ts'
import type { VarSchemas } from './var_schemas.ts'

/** Makes sure that what a role's file exports is a role. @throws BringupError ROLE_INVALID */
export function checkDefinition(
  exported: unknown,
  file: string,
): { definition: RoleDefinition; schemas: VarSchemas } {
  const wrong = (message: string, remedy: string): BringupError =>
    new BringupError('ROLE_INVALID', message, { at: { file, line: 1, column: 1 }, remedy })
  if (typeof exported !== 'object' || exported === null)
    throw wrong(
      'the file has no role as its default export',
      'Write: export default defineRole({ summary, vars, run }).',
    )
  const { summary, vars, peers = false, handlers = {}, inspect, run } = exported as Record<string, unknown>
  if (typeof summary !== 'string' || summary.trim() === '')
    throw wrong('the role has no summary', 'Say in one line what is true after it: summary: "…".')
  if (typeof run !== 'function')
    throw wrong('the role has no run function', 'Write: async run({ nodes, vars }) { … }.')
  if (inspect !== undefined && typeof inspect !== 'function')
    throw wrong("the role's inspect is not a function", 'Write: async inspect({ nodes, vars }) { … }.')
  if (typeof peers !== 'boolean')
    throw wrong(
      "the role's peers is neither true nor false",
      'Write: peers: true, where it needs the other hosts.',
    )
  const schemas = isSchema(vars) ? varSchemas(vars) : null
  if (schemas === null)
    throw wrong(
      "the role's vars are not a z.strictObject",
      'Write: vars: z.strictObject({ … }), empty where it reads none.',
    )
  const taken = [...schemas.keys()].find((name) => settingNames.has(name))
  if (taken !== undefined)
    throw wrong(
      `the role has a var "${taken}", which is the name of a connection setting`,
      'Give the var a name of its own, best one that starts with the name of the role.',
    )
  const broken =
    typeof handlers === 'object' && handlers !== null
      ? Object.entries(handlers).find(([, action]) => typeof action !== 'function')?.[0]
      : 'handlers'
  if (broken !== undefined)
    throw wrong(`the handler "${broken}" is not a function`, 'Write: handlers: { name: (node) => … }.')
  return { definition: exported as RoleDefinition, schemas }
}
