import * as z from 'zod'
import { BringupError } from '../errors.ts'
import type { LoadedRole } from './load_role.ts'

type JsonSchema = Record<string, unknown>

const draft = 'http://json-schema.org/draft-07/schema#'

/** JSON Schema of a role's vars as they are written in YAML. @throws BringupError ROLE_INVALID */
export function roleJsonSchema({ name, definition }: LoadedRole): JsonSchema {
  try {
    // Inlined, so that it can stand inside the schema of a playbook.
    const schema = z.toJSONSchema(definition.vars, {
      target: 'draft-07',
      io: 'input',
      unrepresentable: 'any',
      reused: 'inline',
    }) as JsonSchema
    return { $schema: draft, title: `vars of the role ${name}`, description: definition.summary, ...schema }
  } catch (cause) {
    throw new BringupError('ROLE_INVALID', `the vars of ${name} can not be shown as JSON Schema`, {
      seen: (cause as Error).message,
      remedy: 'Use schemas that JSON Schema has a counterpart for.',
      cause,
    })
  }
}

/** JSON Schema of a playbook that may use these roles, with their vars. */
export function playbookJsonSchema(roles: readonly LoadedRole[]): JsonSchema {
  const names = roles.map(({ name, definition }) => ({ const: name, description: definition.summary }))
  const entries =
    roles.length === 0
      ? [{ type: 'string' }, roleEntry({ type: 'string' }, null)]
      : [...names, ...roles.map(entryOf)]
  return {
    $schema: draft,
    title: 'bringup playbook',
    type: 'array',
    minItems: 1,
    items: { anyOf: [{ $ref: '#/definitions/play' }, { $ref: '#/definitions/import' }] },
    definitions: {
      import: {
        type: 'object',
        required: ['import_playbook'],
        additionalProperties: false,
        properties: {
          name: { type: 'string' },
          import_playbook: {
            type: 'string',
            description: 'A playbook whose plays stand here; relative to this file.',
          },
        },
      },
      play: {
        type: 'object',
        required: ['hosts', 'roles'],
        additionalProperties: false,
        properties: {
          name: { type: 'string', description: 'What the play is for.' },
          hosts: {
            description:
              'Host pattern: all, groups, hosts, globs, "a:b" for both, "a:!b" without, "a:&b" in both.',
            anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
          },
          serial: {
            description: 'How many hosts go through the play at a time: a count, or a share as "50%".',
            anyOf: [
              { type: 'integer', minimum: 1 },
              { type: 'string', pattern: '^([1-9][0-9]?|100)%$' },
            ],
          },
          any_errors_fatal: {
            type: 'boolean',
            description: 'false: go on without hosts that fail.',
            default: true,
          },
          vars: { ...vars, description: 'Vars for all roles of the play.' },
          tags,
          roles: { type: 'array', items: { anyOf: entries } },
        },
      },
    },
  }
}

const vars = { type: ['object', 'null'] }
const tags = {
  description: 'Names for --tags.',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
}

function roleEntry(role: JsonSchema, properties: unknown): JsonSchema {
  const known = properties === null ? {} : { additionalProperties: false, properties }
  return {
    type: 'object',
    required: ['role'],
    additionalProperties: false,
    properties: { role, vars: { ...vars, ...known, description: 'Vars for this role, here.' }, tags },
  }
}

/** An entry for one role, with names and types of its vars; none is required, since they may be set elsewhere. */
function entryOf(role: LoadedRole): JsonSchema {
  const { properties, definitions } = roleJsonSchema(role)
  const known = definitions === undefined && typeof properties === 'object'
  return roleEntry({ const: role.name }, known ? properties : null)
}
