import { Document, isCollection, Scalar } from 'yaml'
import type { Node } from 'yaml'
import { Secret } from '../../../secret.ts'
import { milliseconds, scoreText } from '../meaning.ts'
import type { CloneWanted, GroupWanted, ResourceOperation, ResourceWanted } from '../resource_schema.ts'
import type { Attributes } from '../value_schema.ts'
import type { ExportedCib } from './export_cib.ts'
import type { Form } from './form.ts'

/** The vars of the role cluster_resources; passwords as `!env NAME`. */
export function yamlForm(exported: ExportedCib): Form {
  const document = new Document()
  const map = (entries: Record<string, unknown>, flow = false): Node | undefined => {
    const set = Object.entries(entries).filter(([, value]) => value !== undefined)
    if (set.length === 0) return undefined
    const node = document.createNode(Object.fromEntries(set))
    if (isCollection(node)) node.flow = flow
    return node
  }
  const list = (items: readonly unknown[], flow = false): Node | undefined => {
    if (items.length === 0) return undefined
    const node = document.createNode(items)
    if (isCollection(node)) node.flow = flow
    return node
  }
  const variables = new Map(exported.secrets.map(({ secret, variable }) => [secret, variable]))
  const scalar = (value: string | Secret): unknown => {
    if (value instanceof Secret) return tagged('!env', variables.get(value) ?? '')
    return plain(value)
  }
  const values = (attributes: Attributes, flow = false): Node | undefined => {
    const said = Object.entries(attributes).flatMap(([name, value]) =>
      value === null ? [] : [[name, scalar(value)] as const],
    )
    return map(Object.fromEntries(said), flow)
  }
  const copy = (id: string, clone: CloneWanted | undefined): unknown => {
    if (clone === undefined) return undefined
    const own = clone.id === `${id}-clone` ? undefined : clone.id
    return map({ id: own, meta: values(clone.meta, true) }, true) ?? true
  }
  const operation = (one: ResourceOperation): Node | true => {
    const { name, interval, options, ...rest } = one
    const usual = name === 'monitor' ? '60s' : '0s'
    const own = milliseconds(interval) === milliseconds(usual) ? undefined : plain(interval)
    const given = Object.entries(rest).map(([key, value]) => [key, value === undefined ? value : plain(value)])
    return map({ interval: own, ...Object.fromEntries(given), options: values(options, true) }, true) ?? true
  }
  const operations = (all: readonly ResourceOperation[]): Node | undefined => {
    const groups = Map.groupBy(all, ({ name }) => name)
    return map(
      Object.fromEntries(
        [...groups].map(([name, [first, ...others]]) => {
          if (others.length > 0) return [name, list([first!, ...others].map(filled))]
          const { interval, options, ...rest } = first!
          const isBare = Object.values(rest).every((value) => value === undefined || value === name)
          const bare = name === 'monitor' && isBare && Object.keys(options).length === 0
          return [name, bare ? plain(interval) : filled(first!)]
        }),
      ),
    )
  }
  /** One with nothing to say is still there: an empty map. */
  const filled = (one: ResourceOperation): unknown => {
    const node = operation(one)
    return node === true ? document.createNode({}) : node
  }
  const resource = ({ id, agent, options, meta, operations: all, clone, promotable }: ResourceWanted) => [
    id,
    map({
      agent,
      options: values(options),
      meta: values(meta, true),
      operations: operations(all),
      clone: copy(id, clone),
      promotable: copy(id, promotable),
    }),
  ]
  const group = ([id, { resources, meta, clone, promotable }]: [string, GroupWanted]) => {
    const members = list(resources, true)
    const more = { meta: values(meta, true), clone: copy(id, clone), promotable: copy(id, promotable) }
    const isPlain = Object.values(more).every((value) => value === undefined)
    return [id, isPlain ? members : map({ resources: members, ...more })]
  }
  const { cib, usualIds } = exported
  const constraint = ({ id, ...rest }: { id?: string | undefined; score?: string }): Node | undefined => {
    const score = rest.score === undefined || scoreText(rest.score) === 'INFINITY' ? undefined : plain(rest.score)
    const own = id !== undefined && usualIds.has(id) ? undefined : id
    const said = Object.entries(rest).map(([key, value]) => [key, typeof value === 'string' ? plain(value) : value])
    const kind = Object.fromEntries(said.filter(([key, value]) => key !== 'kind' || value !== 'Mandatory'))
    return map({ id: own, ...kind, score }, true)
  }
  const { location, colocation, order } = cib.constraints
  const levels = Object.entries(cib.stonith_levels ?? {}).map(([target, byLevel]) => {
    const numbers = Object.keys(byLevel)
    const isRow = numbers.every((number, index) => number === String(index + 1))
    const devices = Object.entries(byLevel).map(
      ([number, all]) => [number, all.length === 1 ? all[0] : list(all, true)] as const,
    )
    return [target, isRow ? list(devices.map(([, all]) => all), true) : map(Object.fromEntries(devices), true)]
  })
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
    cluster_stonith_levels: map(Object.fromEntries(levels)),
  })
  document.contents = (root ?? document.createNode({})) as never
  return { text: document.toString({ lineWidth: 110, flowCollectionPadding: true }), unsaid: [] }
}

function tagged(tag: string, text: string): Scalar {
  const scalar = new Scalar(text)
  scalar.tag = tag
  return scalar
}

/** Numbers and truth values as such, where they come back as they were; text that looks like a template is none. */
function plain(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  if (/^(0|-?[1-9]\d{0,14})$/.test(text)) return Number(text)
  return text.includes('{{') ? tagged('!unsafe', text) : text
}
