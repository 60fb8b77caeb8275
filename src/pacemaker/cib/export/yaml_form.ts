import { Document, isCollection, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { Node } from 'yaml'
import { Secret } from '../../../secret.ts'
import { milliseconds, scoreText } from '../meaning.ts'
import type { CloneWanted, GroupWanted, ResourceOperation, ResourceWanted } from '../resource_schema.ts'
import type { Cib } from '../schema.ts'
import type { Attributes } from '../value_schema.ts'
import type { ExportedCib } from './export_cib.ts'
import type { Form } from './form.ts'

/** The vars of the role cluster_resources; passwords as `!env NAME`. What goes without saying is left out. */
export function yamlForm({ cib, usualIds, secrets }: ExportedCib): Form {
  const variables = new Map(secrets.map(({ secret, variable }) => [secret, variable]))
  const values = (attributes: Attributes): Node | undefined => {
    const said = Object.entries(attributes).map(([name, value]) => {
      if (value instanceof Secret) return [name, tagged('!env', variables.get(value) ?? '')]
      return [name, value === null ? undefined : plain(value)]
    })
    return map(Object.fromEntries(said))
  }
  const row = (attributes: Attributes): Node | undefined => flow(values(attributes))
  const resource = ({ id, agent, options, meta, operations, ...copies }: ResourceWanted) => [
    id,
    map({
      agent,
      options: values(options),
      meta: row(meta),
      operations: operationsNode(operations, row),
      ...copiesOf(id, copies, row),
    }),
  ]
  const group = ([id, { resources, meta, ...copies }]: [string, GroupWanted]) => {
    const members = flow(list(resources))
    const more = { meta: row(meta), ...copiesOf(id, copies, row) }
    const isPlain = Object.values(more).every((value) => value === undefined)
    return [id, isPlain ? members : map({ resources: members, ...more })]
  }
  const { location, colocation, order } = cib.constraints
  const constraint = (one: ConstraintWanted): Node | undefined => constraintNode(one, usualIds)
  const root = map({
    cluster_properties: values(cib.properties),
    cluster_resource_defaults: values(cib.resource_defaults),
    cluster_operation_defaults: values(cib.operation_defaults),
    cluster_resources: map(Object.fromEntries(cib.resources.map(resource))),
    cluster_groups: map(Object.fromEntries(Object.entries(cib.groups).map(group))),
    cluster_constraints: map({
      location: list(location.map(constraint)),
      colocation: list(colocation.map(constraint)),
      order: list(order.map(constraint)),
    }),
    cluster_stonith_levels: levelsNode(cib.stonith_levels ?? {}),
  })
  const document = new Document<Node>(root ?? new YAMLMap())
  return { text: document.toString({ lineWidth: 110 }), unsaid: [] }
}

type Row = (attributes: Attributes) => Node | undefined
type Copies = { clone?: CloneWanted | undefined; promotable?: CloneWanted | undefined }
type ConstraintWanted = Cib['constraints']['location' | 'colocation' | 'order'][number]

/** `true` for a clone about which there is nothing to say. */
function copiesOf(id: string, { clone, promotable }: Copies, row: Row): Record<keyof Copies, unknown> {
  const copy = (wanted: CloneWanted | undefined): unknown => {
    if (wanted === undefined) return undefined
    const own = wanted.id === `${id}-clone` ? undefined : wanted.id
    return flow(map({ id: own, meta: row(wanted.meta) })) ?? true
  }
  return { clone: copy(clone), promotable: copy(promotable) }
}

/** By name: `monitor: 10s` where there is no more to say, a list where one name has several. */
function operationsNode(operations: readonly ResourceOperation[], row: Row): Node | undefined {
  const whole = ({ name, interval, options, ...rest }: ResourceOperation): Node => {
    const usual = name === 'monitor' ? '60s' : '0s'
    const own = milliseconds(interval) === milliseconds(usual) ? undefined : plain(interval)
    return flow(map({ interval: own, ...plainly(rest), options: row(options) })) ?? new YAMLMap()
  }
  const isBare = (one: ResourceOperation): boolean =>
    one.name === 'monitor' &&
    Object.keys(one.options).length === 0 &&
    Object.entries(one).every(
      ([key, value]) => ['name', 'interval', 'options'].includes(key) || value === undefined,
    )
  const byName = [...Map.groupBy(operations, ({ name }) => name)].map(([name, all]) => {
    const [first, ...others] = all
    if (first === undefined || others.length > 0) return [name, list(all.map(whole))]
    return [name, isBare(first) ? plain(first.interval) : whole(first)]
  })
  return map(Object.fromEntries(byName))
}

function constraintNode(one: ConstraintWanted, usualIds: ReadonlySet<string>): Node | undefined {
  const said = Object.entries(one).filter(([name, value]) => {
    if (name === 'id') return !usualIds.has(String(value))
    if (name === 'score') return scoreText(String(value)) !== 'INFINITY'
    return name !== 'kind' || value !== 'Mandatory'
  })
  return flow(map(plainly(Object.fromEntries(said))))
}

/** Levels from 1 on as a list. */
function levelsNode(levels: NonNullable<Cib['stonith_levels']>): Node | undefined {
  const byTarget = Object.entries(levels).map(([target, byLevel]) => {
    const isRow = Object.keys(byLevel).every((number, index) => number === String(index + 1))
    const named = Object.entries(byLevel).map(
      ([number, devices]) => [number, devices.length === 1 ? devices[0] : devices] as const,
    )
    return [target, flow(isRow ? list(named.map(([, devices]) => devices)) : map(Object.fromEntries(named)))]
  })
  return map(Object.fromEntries(byTarget))
}

/** Without what is undefined; undefined where nothing is left. */
function map(entries: Record<string, unknown>): Node | undefined {
  const node = new YAMLMap<unknown, unknown>()
  for (const [name, value] of Object.entries(entries)) if (value !== undefined) node.set(name, value)
  return node.items.length === 0 ? undefined : node
}

function list(items: readonly unknown[]): Node | undefined {
  const node = new YAMLSeq<unknown>()
  node.items.push(...items)
  return items.length === 0 ? undefined : node
}

/** On one line: `{ a: 1 }`. */
function flow(node: Node | undefined): Node | undefined {
  if (isCollection(node)) node.flow = true
  return node
}

function plainly(fields: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? plain(value) : value,
  ])
  return Object.fromEntries(entries)
}

/** Numbers and truth values as such, where they come back as they were; text that looks like a template is none. */
function plain(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  if (/^(0|-?[1-9]\d{0,14})$/.test(text)) return Number(text)
  return text.includes('{{') ? tagged('!unsafe', text) : text
}

function tagged(tag: string, text: string): Scalar {
  const scalar = new Scalar(text)
  scalar.tag = tag
  return scalar
}
