import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inventoryJsonSchema } from '../../../src/inventory/json_schema.ts'
import { settingNames } from '../../../src/inventory/setting_names.ts'

const committed = new URL('../../../inventory/schema.json', import.meta.url)

test('inventory/schema.json is up to date (`bringup schema inventory` prints it)', () => {
  expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(inventoryJsonSchema())
})

test('every connection setting is in it, described', () => {
  const { definitions } = inventoryJsonSchema() as {
    definitions: { vars: { properties: Record<string, { description: string }> } }
  }
  expect(Object.keys(definitions.vars.properties)).toEqual([...settingNames.keys()])
  for (const { description } of Object.values(definitions.vars.properties))
    expect(description).toMatch(/\S \S/)
})
