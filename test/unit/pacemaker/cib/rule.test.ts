import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalRule, parseRule, readRule, ruleElement } from '../../../../src/pacemaker/cib/rule.ts'
import type { Rule } from '../../../../src/pacemaker/cib/rule.ts'
import { idsOf } from '../../../../src/pacemaker/cib/ids.ts'
import { element, parseXml, renderXml } from '../../../../src/pacemaker/xml.ts'

const parsed = (text: string): Rule => {
  const rule = parseRule(text)
  if (typeof rule === 'string') throw new Error(rule)
  return rule
}

test('a rule becomes what pcs makes of it', () => {
  const rule = parsed('pingd lt 1 or not_defined pingd')
  const made = ruleElement(rule, 'location-web-rule', idsOf(element('cib')), { score: '-INFINITY' })
  expect(renderXml(made)).toMatchInlineSnapshot(`
    "<rule id="location-web-rule" boolean-op="or" score="-INFINITY">
      <expression id="location-web-rule-expr" attribute="pingd" operation="lt" value="1"/>
      <expression id="location-web-rule-expr-1" attribute="pingd" operation="not_defined"/>
    </rule>
    "
  `)
})

test('and binds closer than or; parentheses say otherwise', () => {
  const nested = ruleElement(
    parsed('#uname eq server1 and (a gt 5 or defined b)'),
    'r',
    idsOf(element('cib')),
    {},
  )
  expect(renderXml(nested)).toMatchInlineSnapshot(`
    "<rule id="r" boolean-op="and">
      <expression id="r-expr" attribute="#uname" operation="eq" value="server1"/>
      <rule id="r-rule" boolean-op="or">
        <expression id="r-rule-expr" attribute="a" operation="gt" value="5"/>
        <expression id="r-rule-expr-1" attribute="b" operation="defined"/>
      </rule>
    </rule>
    "
  `)
  expect(canonicalRule(parsed('a eq 1 or b eq 2 and c eq 3'))).toBe(
    canonicalRule(parsed('(c eq 3 and b eq 2) or a eq 1')),
  )
})

test.each([
  ['pingd lt 1 or not_defined pingd', 'not_defined pingd or pingd lt integer 1', true],
  ['a eq 1 or (b eq 2 or c eq 3)', 'c eq 3 or b eq 2 or a eq 1', true],
  ['a eq 1', 'a eq string 1', true],
  ['a eq 1', 'a eq number 1', false],
  ['a eq 1 and b eq 2', 'a eq 1 or b eq 2', false],
  ['date gt 2026-01-01', 'date lt 2026-01-01', false],
  ['defined a', 'not_defined a', false],
])('%s and %s: the same is %s', (one, other, same) => {
  expect(canonicalRule(parsed(one)) === canonicalRule(parsed(other))).toBe(same)
})

test.each([
  ['', 'expected a condition at the end in ""'],
  ['pingd', 'expected one of lt, gt, lte, gte, eq, ne at the end in "pingd"'],
  ['pingd below 1', 'expected one of lt, gt, lte, gte, eq, ne, not "below" in "pingd below 1"'],
  ['(a eq 1', 'expected ")" at the end in "(a eq 1"'],
  ['a eq 1 b eq 2', 'expected "and" or "or", not "b" in "a eq 1 b eq 2"'],
  ['date in_range 2026-01-01', 'expected "to" at the end in "date in_range 2026-01-01"'],
])('%j is refused', (text, message) => {
  expect(parseRule(text)).toBe(message)
})

test('what others write and we cannot say is not taken for something else', () => {
  const dateSpec =
    '<rule id="r"><date_expression id="e" operation="date_spec"><date_spec id="s" hours="9-16"/></date_expression></rule>'
  const source =
    '<rule id="r"><expression id="e" attribute="a" operation="eq" value="b" value-source="param"/></rule>'
  expect([dateSpec, source, '<rule id="r"/>'].map((xml) => readRule(parseXml(xml)))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

const word = fc.constantFrom('pingd', '#uname', 'a-b')
const leaf: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ kind: fc.constant('defined' as const), attribute: word, defined: fc.boolean() }),
  fc.record({
    kind: fc.constant('compare' as const),
    attribute: word,
    operation: fc.constantFrom('lt', 'gte', 'eq', 'ne'),
    type: fc.constantFrom(undefined, 'string', 'integer', 'number'),
    value: fc.constantFrom('1', 'x', '2.5'),
  }),
  fc.record({
    kind: fc.constant('date' as const),
    operation: fc.constant('in_range'),
    start: fc.constant('2026-01-01'),
    end: fc.constant('2026-02-01'),
  }),
)
const rules: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('rule'), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).rule

test('what is written is read back with the same meaning', () => {
  fc.assert(
    fc.property(rules, (rule) => {
      const read = readRule(ruleElement(rule, 'r', idsOf(element('cib')), {}))
      expect(read && canonicalRule(read)).toBe(canonicalRule(rule))
    }),
  )
})
