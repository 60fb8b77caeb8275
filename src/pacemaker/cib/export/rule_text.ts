import { canonicalRule, parseRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

/** A rule in the words of pcs, which are those of a declaration; undefined for one that these words would change. */
export function ruleText(rule: Rule): string | undefined {
  const text = textOf(rule, false)
  const again = parseRule(text)
  return typeof again !== 'string' && canonicalRule(again) === canonicalRule(rule) ? text : undefined
}

function textOf(rule: Rule, inside: boolean): string {
  switch (rule.kind) {
    case 'defined':
      return `${rule.defined ? 'defined' : 'not_defined'} ${word(rule.attribute)}`
    case 'compare': {
      const type = rule.type === undefined ? '' : `${rule.type} `
      return `${word(rule.attribute)} ${rule.operation} ${type}${word(rule.value)}`
    }
    case 'date': {
      const { operation, start = '', end = '' } = rule
      if (operation === 'in_range') return `date in_range ${word(start)} to ${word(end)}`
      return `date ${operation} ${word(operation === 'gt' ? start : end)}`
    }
    default: {
      const text = rule.parts.map((part) => textOf(part, true)).join(` ${rule.kind} `)
      return inside ? `(${text})` : text
    }
  }
}

/** With spaces around parentheses, as pcs wants them in words of their own. */
const word = (text: string): string => (/^[^\s()"']+$/.test(text) ? text : `"${text}"`)
