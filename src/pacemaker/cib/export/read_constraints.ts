import { child, elements, isElement, walk } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import { constraints as constraintsSchema } from '../constraint_schema.ts'
import { kindOf } from '../constraints/order.ts'
import type { Resolve } from '../constraints/reference.ts'
import { isMet, isProtected, wantedConstraints } from '../constraints/section.ts'
import type { Context } from '../context.ts'
import { boolean, role } from '../meaning.ts'
import { readRule } from '../rule.ts'
import type { Cib } from '../schema.ts'
import { ruleText } from './rule_text.ts'
import { elementText, pairText, unknownIn } from './unsaid.ts'
import type { Unsaid } from './unsaid.ts'

type Constraints = Cib['constraints']

/** The attributes that are read, by element; one with any other is not said at all, since it would mean something else. */
const READ: Record<string, readonly string[]> = {
  rsc_location: ['rsc', 'node', 'role', 'score', 'resource-discovery'],
  rsc_colocation: ['rsc', 'with-rsc', 'rsc-role', 'with-rsc-role', 'score'],
  rsc_order: ['first', 'then', 'first-action', 'then-action', 'kind', 'symmetrical', 'score'],
  rule: ['role', 'score', 'boolean-op'],
  expression: ['attribute', 'operation', 'type', 'value'],
  date_expression: ['operation', 'start', 'end'],
}

export interface ReadConstraints {
  readonly constraints: Constraints
  /** Those ids that are given to the same constraint anyway, where none is declared. */
  readonly usualIds: ReadonlySet<string>
}

/** The constraints of a CIB as they would be declared: each whole, or not at all. */
export function readConstraints(
  section: XmlElement,
  said: ReadonlySet<string>,
  resolve: Resolve,
  context: Context,
  unsaid: Unsaid,
): ReadConstraints {
  const constraints: Constraints = { location: [], colocation: [], order: [] }
  const usualIds = new Set<string>()
  const kinds = elements(section).map(({ name }) => name)
  for (const text of unknownIn(section, [], kinds)) unsaid(`constraints: ${text}`)
  for (const node of elements(section)) {
    const kind = node.name.replace(/^rsc_/, '')
    const text = `${kind} ${node.attributes.id ?? ''}`
    if (isProtected(node.attributes.id)) {
      unsaid(`${text}, which crm_resource --move or --ban, or DRBD, put there for a while`)
      continue
    }
    const why = unreadable(node, said)
    const input = inputOf(node)
    const parsed = constraintsSchema.safeParse(input)
    const [wanted] = parsed.success && input !== undefined ? wantedConstraints(parsed.data, resolve) : []
    if (
      why !== undefined ||
      !parsed.success ||
      wanted === undefined ||
      !isMet(node, wanted, resolve, context)
    ) {
      unsaid(`${text}${why === undefined ? '' : `, with ${why}`}`)
      continue
    }
    if (wanted.usualId === node.attributes.id) usualIds.add(wanted.usualId)
    constraints.location.push(...parsed.data.location)
    constraints.colocation.push(...parsed.data.colocation)
    constraints.order.push(...parsed.data.order)
  }
  return { constraints, usualIds }
}

/** What a declaration has no words for, or which resource is not declared. */
function unreadable(constraint: XmlElement, said: ReadonlySet<string>): string | undefined {
  for (const node of walk(constraint)) {
    const known = READ[node.name]
    if (known === undefined) return elementText(node)
    const other = Object.entries(node.attributes).find(([name]) => name !== 'id' && !known.includes(name))
    if (other !== undefined) return pairText(...other)
    if (node.children.some((inner) => !isElement(inner))) return 'a comment'
  }
  const { rsc, 'with-rsc': withRsc, first, then } = constraint.attributes
  const missing = [rsc, withRsc, first, then].find((id) => id !== undefined && !said.has(id))
  return missing === undefined ? undefined : `${missing}, which is not declared`
}

/** Undefined for what is no constraint that can be declared. */
function inputOf(node: XmlElement): object | undefined {
  const { id, score } = node.attributes
  const scored = { id, score: score ?? '' }
  switch (node.name) {
    case 'rsc_location':
      return { location: [locationInput(node)] }
    case 'rsc_colocation': {
      const { rsc, 'with-rsc': withRsc, 'rsc-role': rscRole, 'with-rsc-role': withRole } = node.attributes
      const resource = inRole(rsc, defaultRole(rscRole))
      return { colocation: [{ ...scored, resource, with: inRole(withRsc, defaultRole(withRole)) }] }
    }
    case 'rsc_order': {
      const { first, then, symmetrical, 'first-action': firstAction = 'start' } = node.attributes
      const { 'then-action': thenAction = firstAction } = node.attributes
      return {
        order: [
          {
            id,
            first: doing(first, firstAction),
            // oxlint-disable-next-line unicorn/no-thenable -- pacemaker's own name, and a string
            then: doing(then, thenAction),
            kind: kindOf(node),
            symmetrical: symmetrical === undefined ? undefined : boolean(symmetrical),
          },
        ],
      }
    }
    default:
      return undefined
  }
}

function locationInput(node: XmlElement): object {
  const { id, rsc, node: name, score, role: word, 'resource-discovery': discovery } = node.attributes
  const rule = child(node, 'rule')
  if (rule === undefined || elements(node, 'rule').length > 1) {
    return { id, resource: inRole(rsc, word), node: name, score: score ?? '', discovery }
  }
  const read = readRule(rule)
  const { score: own = '', role: inside = word } = rule.attributes
  const text = read === undefined ? undefined : ruleText(read)
  return { id, resource: inRole(rsc, inside), rule: text, score: own, discovery }
}

const inRole = (id = '', word?: string): string => (word === undefined ? id : `${role(word)} ${id}`)

/** Colocated in any role that runs, which goes without saying; pcs writes it. */
const defaultRole = (word: string | undefined): string | undefined =>
  role(word) === 'Started' ? undefined : word

const doing = (id = '', action: string): string => (action === 'start' ? id : `${action} ${id}`)
