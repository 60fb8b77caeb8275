import { child, elements } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import { milliseconds, role } from '../meaning.ts'
import { operations as operationsSchema } from '../resource_schema.ts'
import type { ResourceOperation } from '../resource_schema.ts'
import { readAttributes } from './read_sets.ts'
import type { Reading } from './read_sets.ts'
import { pairText, unknownIn } from './unsaid.ts'

const PLAIN = ['timeout', 'on-fail', 'start-delay', 'enabled'] as const

/** The operations that a primitive has in the CIB. */
export function readOperations(primitive: XmlElement, owner: string, reading: Reading): ResourceOperation[] {
  const list = child(primitive, 'operations')
  if (list === undefined) return []
  for (const text of unknownIn(list, [], ['op'])) reading.unsaid(`${owner}: operations: ${text}`)
  const seen = new Set<string>()
  return elements(list, 'op').flatMap((op) => {
    const found = readOperation(op, owner, reading)
    if (found === undefined) return []
    const key = `${found.name} ${milliseconds(found.interval)}`
    if (!seen.has(key)) return seen.add(key) && [found]
    reading.unsaid(`${owner}: a second operation ${found.name} with the interval ${found.interval}`)
    return []
  })
}

function readOperation(op: XmlElement, owner: string, reading: Reading): ResourceOperation | undefined {
  const { name = '', interval = '0s', role: word } = op.attributes
  const text = `operation ${name} interval=${interval}`
  const own = { name, interval, ...(word !== undefined && { role: role(word) }) }
  const parse = (fields: object) => operationsSchema.safeParse([fields])
  const base = parse(own)
  if (!base.success) {
    const as = word === undefined ? '' : ` role=${word}`
    reading.unsaid(`${owner}: ${text}${as}: ${base.error.issues[0]?.message ?? ''}`)
    return undefined
  }
  const given = PLAIN.flatMap((attribute): [string, string][] => {
    const value = op.attributes[attribute]
    if (value === undefined) return []
    if (parse({ ...own, [attribute]: value }).success) return [[attribute, value]]
    reading.unsaid(`${owner}: ${text}: ${pairText(attribute, value)}`)
    return []
  })
  for (const unknown of unknownIn(op, ['name', 'interval', 'role', ...PLAIN], ['instance_attributes'])) {
    reading.unsaid(`${owner}: ${text}: ${unknown}`)
  }
  const options = readAttributes(
    op,
    { tag: 'instance_attributes', owner: `${owner} ${name} ${interval}` },
    reading,
  )
  return operationsSchema.parse([{ ...own, ...Object.fromEntries(given), options }])[0]
}
