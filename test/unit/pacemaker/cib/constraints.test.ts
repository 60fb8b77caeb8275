// oxlint-disable unicorn/no-thenable -- "then" is pacemaker's own word for what comes second, and a string
import { describe, expect, test } from 'vitest'
import { applyTo, reconcile } from '../../../../src/pacemaker/cib/reconcile.ts'
import { parseXml } from '../../../../src/pacemaker/xml.ts'
import type { XmlElement } from '../../../../src/pacemaker/xml.ts'
import { DUMMY, section, texts, wanted } from './wanted.ts'

/** A live CIB with the resources a and b and these constraints. */
function live(constraints: string, resources = ''): XmlElement {
  return parseXml(`<cib epoch="7" validate-with="pacemaker-3.9"><configuration><crm_config/><nodes/>
    <resources><primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>
    <primitive id="b" class="ocf" provider="pacemaker" type="Dummy"/>${resources}</resources>
    <constraints>${constraints}</constraints></configuration><status/></cib>`)
}

const LOCATION = '<rsc_location id="x1" rsc="a" node="server1" score="100"/>'
const ORDER = '<rsc_order id="x2" first="a" then="b" first-action="start" then-action="start"/>'
const COLOCATION = '<rsc_colocation id="x3" rsc="a" with-rsc="b" score="INFINITY" rsc-role="Started"/>'

describe('a live constraint is found by its meaning, whatever its id', () => {
  test.each([
    ['location', LOCATION, { location: [{ resource: 'a', node: 'server1', score: 100 }] }, []],
    [
      'its role by default',
      LOCATION,
      { location: [{ resource: 'Started a', node: 'server1', score: 100 }] },
      [],
    ],
    [
      'another score',
      LOCATION,
      { location: [{ resource: 'a', node: 'server1' }] },
      ['location: a on server1: score 100 → INFINITY'],
    ],
    [
      'another node',
      LOCATION,
      { location: [{ resource: 'a', node: 'server2', score: 100 }] },
      ['create location: a on server2 (100)'],
    ],
    [
      'another role',
      LOCATION,
      { location: [{ resource: 'Promoted a', node: 'server1', score: 100 }] },
      ['create location: a as Promoted on server1 (100)'],
    ],
    [
      'discovery',
      LOCATION,
      { location: [{ resource: 'a', node: 'server1', score: 100, discovery: 'never' as const }] },
      ['location: a on server1: resource-discovery (unset) → never'],
    ],
    ['order', ORDER, { order: [{ first: 'a', then: 'b' }] }, []],
    [
      'order by an old score',
      ORDER.replace('/>', ' score="0"/>'),
      { order: [{ first: 'a', then: 'b', kind: 'Optional' as const }] },
      [],
    ],
    [
      'order of the same action',
      ORDER.replace(' then-action="start"', ''),
      { order: [{ first: 'start a', then: 'start b' }] },
      [],
    ],
    [
      'order without the reverse',
      ORDER,
      { order: [{ first: 'a', then: 'b', symmetrical: false }] },
      ['order: start a then start b: symmetrical true → false'],
    ],
    [
      'order that became optional',
      ORDER,
      { order: [{ first: 'a', then: 'b', kind: 'Optional' as const }] },
      ['order: start a then start b: kind Mandatory → Optional'],
    ],
    [
      'the other way round',
      ORDER,
      { order: [{ first: 'b', then: 'a' }] },
      ['create order: start b then start a (Mandatory)'],
    ],
    ['colocation', COLOCATION, { colocation: [{ resource: 'a', with: 'Started b', score: 1_000_000 }] }, []],
    [
      'colocation apart',
      COLOCATION,
      { colocation: [{ resource: 'a', with: 'b', score: '-INFINITY' }] },
      ['colocation: a with b: score INFINITY → -INFINITY'],
    ],
  ])('%s', (_name, constraint, constraints, expected) => {
    const cib = live(constraint)
    const result = applyTo(cib, wanted({ constraints }))
    expect(texts(cib, { constraints })).toEqual(expected)
    expect(texts(result, { constraints })).toEqual([])
  })
})

test('of several with the same meaning, the one that fits is taken', () => {
  const two = `${LOCATION.replace('x1', 'x0').replace('100', '50')}${LOCATION}`
  expect(
    texts(live(two), { constraints: { location: [{ resource: 'a', node: 'server1', score: 100 }] } }),
  ).toEqual([])
})

test('a rule in another order, with a role of its own', () => {
  const rule = `<rsc_location id="r" rsc="a"><rule id="rr" score="-INFINITY" boolean-op="or" role="Promoted">
    <expression id="e1" attribute="pingd" operation="not_defined"/>
    <expression id="e2" attribute="pingd" operation="lt" value="1" type="number"/></rule></rsc_location>`
  const location = { resource: 'Promoted a', rule: 'pingd lt 1 or not_defined pingd', score: '-INFINITY' }
  expect(texts(live(rule), { constraints: { location: [location] } })).toEqual([])
  const softer = { constraints: { location: [{ ...location, score: -100 }] } }
  expect(texts(live(rule), softer)).toEqual([
    'location: a as Promoted where pingd lt 1 or not_defined pingd: score -INFINITY → -100',
  ])
  expect(texts(applyTo(live(rule), wanted(softer)), softer)).toEqual([])
})

describe('what others put there for a while', () => {
  const ban = '<rsc_location id="cli-prefer-a" rsc="a" role="Started" node="server1" score="INFINITY"/>'
  const fence = `<rsc_location id="drbd-fence-by-handler-r0-b" rsc="b"><rule id="f" role="Promoted" score="-INFINITY">
    <expression id="fe" attribute="#uname" operation="ne" value="server1"/></rule></rsc_location>`
  const here = { location: [{ resource: 'a', node: 'server1' }] }

  test('is never taken for what is declared: it will go again', () => {
    expect(texts(live(ban), { constraints: here })).toEqual(['create location: a on server1 (INFINITY)'])
  })

  test('stays when everything else is purged', () => {
    const purge = { resources: { a: DUMMY, b: DUMMY }, purge: true }
    const { cib, differences } = reconcile(live(`${ban}${fence}${LOCATION}`), wanted(purge))
    expect(differences.map(({ text }) => text)).toEqual(['remove location x1'])
    expect(section(cib, 'constraints')).toContain('drbd-fence-by-handler-r0-b')
  })

  test('can be named', () => {
    const named = { location: [{ id: 'cli-prefer-a', resource: 'a', node: 'server1', score: 5 }] }
    expect(texts(live(ban), { constraints: named })).toEqual(['location: a on server1: score INFINITY → 5'])
  })

  test('keeps its resource from being purged', () => {
    expect(() => reconcile(live(fence), wanted({ resources: { a: DUMMY }, purge: true }))).toThrow(
      /b is to be removed, and location drbd-fence-by-handler-r0-b still names it/,
    )
  })
})

test('a declared id that means something else by now is given its new meaning', () => {
  const constraints = { location: [{ id: 'x1', resource: 'b', node: 'server2', score: 7 }] }
  expect(texts(live(LOCATION), { constraints })).toEqual(['x1: now location: b on server2 (7)'])
  const cib = applyTo(live(LOCATION), wanted({ constraints }))
  expect(section(cib, 'constraints')).toContain('<rsc_location id="x1" rsc="b" node="server2" score="7"/>')
})

test('sets and tickets cannot be declared, and are left alone', () => {
  const set = '<rsc_order id="s"><resource_set id="ss"><resource_ref id="a"/></resource_set></rsc_order>'
  const ticket = '<rsc_ticket id="t" rsc="a" ticket="T"/>'
  const constraints = { order: [{ first: 'a', then: 'b' }] }
  const cib = applyTo(live(`${set}${ticket}`), wanted({ constraints }))
  expect(section(cib, 'constraints')).toMatchInlineSnapshot(`
    "<constraints>
      <rsc_order id="s">
        <resource_set id="ss">
          <resource_ref id="a"/>
        </resource_set>
      </rsc_order>
      <rsc_ticket id="t" rsc="a" ticket="T"/>
      <rsc_order id="order-a-b-mandatory" first="a" then="b" first-action="start" then-action="start"/>
    </constraints>
    "
  `)
})
