import { settingDocs } from './setting_docs.ts'
import { settingNames } from './setting_names.ts'

/**
 * JSON Schema of an inventory, for editors; draft 7, the newest that they understand in YAML. It knows shapes and
 * settings, not the vars of roles: an inventory may hold any.
 */
export function inventoryJsonSchema(): Record<string, unknown> {
  const settings = Object.fromEntries(
    [...settingNames].map(([name, setting]) => {
      const { description, schema } = settingDocs[setting]
      const alias = name === setting ? '' : ` (Ansible's name for ${setting})`
      return [name, { description: description + (setting === 'ssh_arguments' ? '' : alias), ...schema }]
    }),
  )
  const maps = (of: string, description: string): Record<string, unknown> => ({
    description,
    type: ['object', 'null'],
    additionalProperties: { $ref: `#/definitions/${of}` },
  })
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'bringup inventory',
    description: "Hosts in groups, with vars, in the shape of Ansible's YAML inventories.",
    type: 'object',
    additionalProperties: { $ref: '#/definitions/group' },
    definitions: {
      group: {
        type: ['object', 'null'],
        additionalProperties: false,
        properties: {
          hosts: maps(
            'host',
            'Hosts by name; ranges as server[1:9], node[01:10], rack[a:c] stand for several.',
          ),
          children: maps('group', 'Groups whose hosts belong to this group too.'),
          vars: { $ref: '#/definitions/vars', description: 'Settings and vars for all hosts of the group.' },
        },
      },
      host: { $ref: '#/definitions/vars' },
      vars: { type: ['object', 'null'], properties: settings },
    },
  }
}
