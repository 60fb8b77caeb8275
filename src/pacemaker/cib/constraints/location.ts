import { child, element, elements, replaced, withAttributes } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import type { LocationWanted } from '../constraint_schema.ts'
import { wordAndId } from '../constraint_schema.ts'
import { roleWord } from '../generation.ts'
import { role, sameMeaning, scoreText } from '../meaning.ts'
import { canonicalRule, parseRule, readRule, ruleElement } from '../rule.ts'
import type { Constraint, ReadKey } from './kind.ts'
import { resolved } from './reference.ts'
import type { Resolve } from './reference.ts'

const key = (resource: string, word: string | undefined, where: string) =>
  `${resource} ${role(word)} ${where}`

export function locationConstraint(wanted: LocationWanted, resolve: Resolve): Constraint {
  const { word, id } = wordAndId(wanted.resource)
  const resource = resolved(id, resolve, 'location')
  const strength = scoreText(wanted.score)
  const as = word === undefined ? '' : ` as ${role(word)}`
  const common = { kind: 'rsc_location', id: wanted.id, strength } as const
  const discovery = { 'resource-discovery': wanted.discovery }

  if (wanted.rule === undefined) {
    const node = wanted.node ?? ''
    return {
      ...common,
      key: key(resource, word, `node ${node}`),
      text: `location: ${resource}${as} on ${node}`,
      usualId: `location-${resource}-${node}-${strength}`,
      create: (own, { generation }) => {
        const inRole = word === undefined ? undefined : roleWord(word, generation)
        return element('rsc_location', {
          id: own,
          rsc: resource,
          role: inRole,
          node,
          score: strength,
          ...discovery,
        })
      },
      change: (live) => {
        const changes = scoreChange(live.attributes.score, strength)
        const scored = changes.length > 0 ? withAttributes(live, { score: strength }) : live
        return withDiscovery(scored, wanted.discovery, changes)
      },
    }
  }
  const rule = parseRule(wanted.rule)
  if (typeof rule === 'string') throw new TypeError(rule)
  return {
    ...common,
    key: key(resource, word, `rule ${canonicalRule(rule)}`),
    text: `location: ${resource}${as} where ${wanted.rule}`,
    usualId: `location-${resource}`,
    create: (own, { claim, generation }) => {
      const inRole = word === undefined ? undefined : roleWord(word, generation)
      const inside = ruleElement(rule, claim(`${own}-rule`), claim, { role: inRole, score: strength })
      return element('rsc_location', { id: own, rsc: resource, ...discovery }, [inside])
    },
    change: (live) => {
      const inside = child(live, 'rule')
      const changes = scoreChange(inside?.attributes.score ?? inside?.attributes['score-attribute'], strength)
      const scored =
        inside && changes.length > 0
          ? replaced(live, inside, withAttributes(inside, { score: strength, 'score-attribute': undefined }))
          : live
      return withDiscovery(scored, wanted.discovery, changes)
    },
  }
}

export const readLocationKey: ReadKey = (live, resolve) => {
  const { rsc, node, role: word } = live.attributes
  const resource = rsc === undefined ? undefined : resolve(rsc)
  if (resource === undefined) return undefined
  if (node !== undefined) return key(resource, word, `node ${node}`)
  const rules = elements(live, 'rule')
  const rule = rules.length === 1 ? readRule(rules[0]!) : undefined
  if (rule === undefined) return undefined
  return key(resource, rules[0]!.attributes.role ?? word, `rule ${canonicalRule(rule)}`)
}

export function scoreChange(before: string | undefined, wanted: string): string[] {
  return before !== undefined && sameMeaning(before, wanted)
    ? []
    : [`score ${before ?? '(unset)'} → ${wanted}`]
}

function withDiscovery(live: XmlElement, wanted: string | undefined, changes: string[]) {
  const before = live.attributes['resource-discovery']
  if (wanted === undefined || (before ?? 'always') === wanted) return { element: live, changes }
  return {
    element: withAttributes(live, { 'resource-discovery': wanted }),
    changes: [...changes, `resource-discovery ${before ?? '(unset)'} → ${wanted}`],
  }
}
