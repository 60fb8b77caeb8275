import { Secret } from '../../../secret.ts'
import { wordAndId } from '../constraint_schema.ts'
import { metaName, roleWord } from '../generation.ts'
import type { CloneWanted, ResourceWanted } from '../resource_schema.ts'
import { parseRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import type { Attributes } from '../value_schema.ts'
import type { ExportedCib } from './export_cib.ts'
import type { Form } from './form.ts'
import { pairText } from './unsaid.ts'

/**
 * What crm takes to build the same on a cluster without resources. It is loaded as one change: so no resource runs before
 * its constraints are there, and crmsh 5 adds nothing of its own, as it does to single commands. For a password stands
 * `<NAME>`, to be replaced.
 */
export function crmForm(exported: ExportedCib): Form {
  const { cib, generation, secrets } = exported
  const unsaid: string[] = []
  const lines: string[] = []
  const variables = new Map(secrets.map(({ secret, variable }) => [secret, variable]))
  const say = (...words: string[]): void => void lines.push(words.join(' '))
  const pairs = (values: Attributes, owner: string): string[] =>
    Object.entries(values).flatMap(([name, value]) => {
      if (value === null) return []
      if (value instanceof Secret) return [`${name}="<${variables.get(value)}>"`]
      if (value !== '' && PRINTABLE.test(value)) return [`${name}=${quoted(value)}`]
      unsaid.push(`${owner}: ${pairText(name, value)}`)
      return []
    })
  const section = (word: string, words: readonly string[]): string[] =>
    words.length === 0 ? [] : [`\\\n    ${word}`, ...words]
  const some = (command: string, words: readonly string[]): void => {
    if (words.length > 0) say(command, ...words)
  }
  some('property', pairs(cib.properties, 'property'))
  some('rsc_defaults', pairs(cib.resource_defaults, 'rsc_defaults'))
  some('op_defaults', pairs(cib.operation_defaults, 'op_defaults'))

  const operations = ({ id, operations: all }: ResourceWanted): string[] =>
    all.flatMap(({ name, options, role, ...rest }) => {
      const own = { ...rest, role: role === undefined ? undefined : roleWord(role, generation) }
      const words = Object.entries(own).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}=${value}`],
      )
      return section(`op ${name}`, [...words, ...pairs(options, `${id} ${name} ${rest.interval}`)])
    })
  const copy = (id: string, wanted: CloneWanted | undefined, promotable: boolean): void => {
    if (wanted === undefined) return
    const own = wanted.id ?? `${id}-clone`
    const asMaster = promotable && generation.masterElement
    const named = Object.entries(wanted.meta).map(
      ([name, value]) => [metaName(name, generation), value] as const,
    )
    const meta = pairs(Object.fromEntries(named), own)
    const all = promotable && !asMaster ? ['promotable=true', ...meta] : meta
    say(asMaster ? 'ms' : 'clone', own, id, ...section('meta', all))
  }
  for (const resource of cib.resources) {
    const { id, agent, options, meta } = resource
    const parts = [
      ...section('params', pairs(options, id)),
      ...section('meta', pairs(meta, `${id} meta`)),
      ...operations(resource),
    ]
    say('primitive', id, agent, ...parts)
  }
  for (const [id, { resources, meta }] of Object.entries(cib.groups)) {
    say('group', id, ...resources, ...section('meta', pairs(meta, `group ${id}`)))
  }
  const copied = [...cib.resources, ...Object.entries(cib.groups).map(([id, group]) => ({ id, ...group }))]
  for (const { id, clone, promotable } of copied) {
    copy(id, clone, false)
    copy(id, promotable, true)
  }
  const { location, colocation, order } = cib.constraints
  for (const { id = '', resource, node, rule, score, discovery } of location) {
    const { word, id: rsc } = wordAndId(resource)
    const role = word === undefined ? [] : [`role=${roleWord(word, generation)}`]
    const seen = discovery === undefined ? [] : [`resource-discovery=${discovery}`]
    if (rule === undefined) {
      say('location', id, rsc, ...role, ...seen, `${score}:`, node ?? '')
      continue
    }
    const words = crmRule(rule)
    if (words === undefined) unsaid.push(`location ${id}, with the rule ${rule}`)
    else say('location', id, rsc, ...seen, 'rule', ...role.map((text) => `$${text}`), `${score}:`, words)
  }
  const inRole = (text: string): string => {
    const { word, id } = wordAndId(text)
    return word === undefined ? id : `${id}:${roleWord(word, generation)}`
  }
  for (const { id = '', resource, with: other, score } of colocation) {
    say('colocation', id, `${score}:`, inRole(resource), inRole(other))
  }
  for (const { id = '', first, then, kind, symmetrical } of order) {
    const [left, right] = [first, then].map((text) => {
      const { word = 'start', id: rsc } = wordAndId(text)
      return `${rsc}:${word}`
    })
    const only = symmetrical === undefined ? [] : [`symmetrical=${symmetrical}`]
    say('order', id, `${kind}:`, left ?? '', right ?? '', ...only)
  }
  const levels = Object.entries(cib.stonith_levels ?? {}).flatMap(([target, byLevel]) => {
    const numbers = Object.keys(byLevel)
    if (numbers.every((number, index) => number === String(index + 1))) {
      return [
        `${target}: ${Object.values(byLevel)
          .map((devices) => devices.join(','))
          .join(' ')}`,
      ]
    }
    unsaid.push(`fencing levels ${numbers.join(', ')} of ${target}: crm numbers them from 1`)
    return []
  })
  some('fencing_topology', levels)
  const notes = secrets.map(({ variable, of }) => `# <${variable}>: ${of}\n`).join('')
  return {
    text: `${notes}crm configure load update - <<'EOF'\n${lines.map((line) => `${line}\n`).join('')}EOF\n`,
    unsaid,
  }
}

/** What crm takes over as it is: it turns other characters into `&#233;`, and a line ends a command. */
const PRINTABLE = /^[ -~]*$/

/** crm knows one level of `and` or `or`, and no spaces or braces in what is compared. */
function crmRule(text: string): string | undefined {
  const rule = parseRule(text)
  if (typeof rule === 'string') return undefined
  const parts = rule.kind === 'and' || rule.kind === 'or' ? rule.parts : [rule]
  const words = parts.map(crmExpression)
  return words.includes(undefined) ? undefined : words.join(` ${rule.kind} `)
}

function crmExpression(rule: Rule): string | undefined {
  const isPlain = (text: string | undefined): boolean =>
    text !== undefined && /^[^\s{}"'\\]+$/.test(text) && PRINTABLE.test(text)
  switch (rule.kind) {
    case 'defined':
      return isPlain(rule.attribute)
        ? `${rule.defined ? 'defined' : 'not_defined'} ${rule.attribute}`
        : undefined
    case 'compare': {
      if (!isPlain(rule.attribute) || !isPlain(rule.value)) return undefined
      const type = rule.type === undefined ? '' : `${rule.type}:`
      return `${rule.attribute} ${type}${rule.operation} ${rule.value}`
    }
    case 'date': {
      const { operation, start, end } = rule
      if (operation === 'in_range')
        return `date in_range start=${quoted(start ?? '')} end=${quoted(end ?? '')}`
      return `date ${operation} ${quoted((operation === 'gt' ? start : end) ?? '')}`
    }
    default:
      return undefined
  }
}

/** A word of crm's own lines, which are read as a POSIX shell reads words. */
function quoted(text: string): string {
  return /^[\w/.:@%,+-]+$/.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`
}
