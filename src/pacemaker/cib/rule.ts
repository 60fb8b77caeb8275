import { element, elements } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import type { ClaimId } from './ids.ts'

/** A condition on node attributes or the date, as pcs and crm write it. */
export type Rule =
  | { kind: 'and' | 'or'; parts: Rule[] }
  | { kind: 'defined'; attribute: string; defined: boolean }
  | { kind: 'compare'; attribute: string; operation: string; type: string | undefined; value: string }
  | { kind: 'date'; operation: string; start: string | undefined; end: string | undefined }

const OPERATIONS = ['lt', 'gt', 'lte', 'gte', 'eq', 'ne']
const TYPES = ['string', 'integer', 'number', 'version']

/**
 * Reads a rule: `defined A`, `not_defined A`, `A lt|gt|lte|gte|eq|ne [string|integer|number|version] VALUE`,
 * `date gt|lt DATE`, `date in_range DATE to DATE`, `and`, `or`, parentheses; `and` binds closer than `or`.
 *
 * @returns the rule, or what is wrong with it, in words
 */
export function parseRule(text: string): Rule | string {
  const words =
    text.match(/[()]|"[^"]*"|'[^']*'|[^\s()]+/g)?.map((word) => word.replace(/^(["'])(.*)\1$/, '$2')) ?? []
  let at = 0
  const next = () => words[at++]
  const wrong = (expected: string): never => {
    const seen = words[at - 1]
    throw new SyntaxError(
      `expected ${expected}${seen === undefined ? ' at the end' : `, not "${seen}"`} in "${text}"`,
    )
  }
  const list = (kind: 'and' | 'or', part: () => Rule): Rule => {
    const parts = [part()]
    while (words[at] === kind) {
      at++
      parts.push(part())
    }
    return parts.length === 1 ? parts[0]! : { kind, parts }
  }
  const either = (): Rule => list('or', () => list('and', one))
  const word = (expected: string): string => {
    const found = next()
    return found === undefined || found === '(' || found === ')' ? wrong(expected) : found
  }
  const one = (): Rule => {
    const first = next()
    if (first === '(') {
      const inner = either()
      return next() === ')' ? inner : wrong('")"')
    }
    if (first === undefined || first === ')') return wrong('a condition')
    if (first === 'defined' || first === 'not_defined') {
      return { kind: 'defined', attribute: word('an attribute'), defined: first === 'defined' }
    }
    return first === 'date' ? date() : comparison(first)
  }
  const comparison = (attribute: string): Rule => {
    const operation = word(`one of ${OPERATIONS.join(', ')}`)
    if (!OPERATIONS.includes(operation)) return wrong(`one of ${OPERATIONS.join(', ')}`)
    const type = TYPES.includes(words[at] ?? '') && isValue(words[at + 1]) ? next() : undefined
    return { kind: 'compare', attribute, operation, type, value: word('a value') }
  }
  const date = (): Rule => {
    const operation = word('gt, lt or in_range')
    if (operation === 'gt') return { kind: 'date', operation, start: word('a date'), end: undefined }
    if (operation === 'lt') return { kind: 'date', operation, start: undefined, end: word('a date') }
    if (operation !== 'in_range') return wrong('gt, lt or in_range')
    const start = word('a date')
    return next() === 'to' ? { kind: 'date', operation, start, end: word('a date') } : wrong('"to"')
  }
  try {
    const rule = either()
    return at < words.length ? (next(), wrong('"and" or "or"')) : rule
  } catch (error) {
    if (error instanceof SyntaxError) return error.message
    throw error
  }
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && !['and', 'or', ')', '('].includes(word)
}

/** The rule that an element of the live CIB holds; undefined for what cannot be declared here (date_spec, durations). */
export function readRule(rule: XmlElement): Rule | undefined {
  const parts = elements(rule).map(readPart)
  if (parts.length === 0 || parts.some((part) => part === undefined)) return undefined
  const kind = rule.attributes['boolean-op'] === 'or' ? 'or' : 'and'
  return parts.length === 1 ? parts[0] : { kind, parts: parts as Rule[] }
}

function readPart(part: XmlElement): Rule | undefined {
  const { attribute = '', operation = '', type, value = '', start, end } = part.attributes
  if (part.name === 'rule') return readRule(part)
  if (part.name === 'date_expression') {
    if (elements(part).length > 0) return undefined
    return { kind: 'date', operation: operation === '' ? 'in_range' : operation, start, end }
  }
  if (part.name !== 'expression' || 'value-source' in part.attributes) return undefined
  if (operation === 'defined' || operation === 'not_defined') {
    return { kind: 'defined', attribute, defined: operation === 'defined' }
  }
  return { kind: 'compare', attribute, operation, type, value }
}

/** The rule as one line, the same for all rules that mean the same: the order within `and` and `or` does not count. */
export function canonicalRule(rule: Rule): string {
  switch (rule.kind) {
    case 'defined':
      return `${rule.defined ? 'defined' : 'not_defined'} ${rule.attribute}`
    case 'compare':
      return `${rule.attribute} ${rule.operation} ${typeOf(rule.type, rule.operation)} ${rule.value}`
    case 'date':
      return `date ${rule.operation} ${rule.start ?? ''} ${rule.end ?? ''}`
    default: {
      const flat = rule.parts.flatMap((part) => (part.kind === rule.kind ? part.parts : [part]))
      return `(${flat.map(canonicalRule).toSorted().join(` ${rule.kind} `)})`
    }
  }
}

/**
 * What pacemaker takes where no type is given: numbers for the ordering operations, else strings ("Node Attribute
 * Expressions" in Pacemaker Explained). `integer` and `number` part only for attributes that are no whole numbers.
 */
function typeOf(type: string | undefined, operation: string): string {
  if (type === undefined) return operation === 'eq' || operation === 'ne' ? 'string' : 'number'
  return type === 'integer' ? 'number' : type
}

/** The element for a rule, with ids as pcs makes them: `ID-expr`, `ID-expr-1`, `ID-rule` for nested ones. */
export function ruleElement(
  rule: Rule,
  ruleId: string,
  claim: ClaimId,
  own: Record<string, string | undefined>,
): XmlElement {
  const parts = rule.kind === 'and' || rule.kind === 'or' ? rule.parts : [rule]
  const operator = rule.kind === 'or' ? 'or' : rule.kind === 'and' ? 'and' : undefined
  const children = parts.map((part): XmlElement => {
    switch (part.kind) {
      case 'defined': {
        const operation = part.defined ? 'defined' : 'not_defined'
        return element('expression', { id: claim(`${ruleId}-expr`), attribute: part.attribute, operation })
      }
      case 'compare': {
        const { attribute, operation, type, value } = part
        return element('expression', { id: claim(`${ruleId}-expr`), attribute, operation, type, value })
      }
      case 'date': {
        const { operation, start, end } = part
        return element('date_expression', { id: claim(`${ruleId}-expr`), operation, start, end })
      }
      default: {
        const nested = claim(`${ruleId}-rule`)
        return ruleElement(part, nested, claim, {})
      }
    }
  })
  return element('rule', { id: ruleId, 'boolean-op': operator, ...own }, children)
}
