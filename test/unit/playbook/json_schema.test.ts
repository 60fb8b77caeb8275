import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { playbookJsonSchema, roleJsonSchema } from '../../../src/playbook/json_schema.ts'
import type { LoadedRole } from '../../../src/playbook/load_role.ts'
import { varSchemas } from '../../../src/playbook/var_schemas.ts'
import { secret } from '../../../src/secrets/schema.ts'

const role = (name: string, vars: z.ZodType): LoadedRole => ({
  name,
  directory: `/roles/${name}`,
  definition: { summary: `About ${name}`, vars, run: async () => {} },
  schemas: varSchemas(vars) ?? new Map(),
})

const greet = role(
  'greet',
  z.strictObject({
    times: z.int().min(1).default(1).describe('How often.'),
    greet_password: secret({ minLength: 8 }).describe('Said at the door.'),
    people: z.array(z.strictObject({ password: secret().optional() })).optional(),
  }),
)

describe('of a role', () => {
  test('shows its vars as they are written, secrets as text', () => {
    expect(roleJsonSchema(greet)).toMatchInlineSnapshot(`
      {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "additionalProperties": false,
        "description": "About greet",
        "properties": {
          "greet_password": {
            "description": "Said at the door.",
            "type": "string",
            "writeOnly": true,
          },
          "people": {
            "items": {
              "additionalProperties": false,
              "properties": {
                "password": {
                  "type": "string",
                  "writeOnly": true,
                },
              },
              "type": "object",
            },
            "type": "array",
          },
          "times": {
            "default": 1,
            "description": "How often.",
            "maximum": 9007199254740991,
            "minimum": 1,
            "type": "integer",
          },
        },
        "required": [
          "greet_password",
        ],
        "title": "vars of the role greet",
        "type": "object",
      }
    `)
  })
})

describe('of a playbook', () => {
  const schema = playbookJsonSchema([greet, role('idle', z.strictObject({}))]) as {
    definitions: { play: { properties: { roles: { items: { anyOf: unknown[] } } } } }
  }

  test('knows the roles, and the vars of each', () => {
    const entries = schema.definitions.play.properties.roles.items.anyOf
    expect(entries).toMatchObject([
      { const: 'greet', description: 'About greet' },
      { const: 'idle' },
      {
        required: ['role'],
        properties: {
          role: { const: 'greet' },
          vars: {
            additionalProperties: false,
            properties: { times: { minimum: 1 }, greet_password: { type: 'string' } },
          },
        },
      },
      { properties: { role: { const: 'idle' } } },
    ])
  })

  test('requires no var, since it may be set elsewhere', () => {
    expect(JSON.stringify(schema.definitions.play.properties.roles)).not.toContain('"required":["times"')
  })
})
