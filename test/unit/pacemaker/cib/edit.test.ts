import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allFailCounts } from '../../../../src/cluster/planned/fail_counts.ts'
import { readSets } from '../../../../src/pacemaker/cib/attribute_set.ts'
import {
  withBan,
  withClusterMaintenance,
  withNodeMaintenance,
  withoutFailures,
  withoutMoves,
  withPreference,
  withResourceMaintenance,
  withStandby,
} from '../../../../src/pacemaker/cib/edit.ts'
import { leftBehind } from '../../../../src/pacemaker/left_behind.ts'
import { child, elements, parseXml, renderXml, replaced, walk } from '../../../../src/pacemaker/xml.ts'
import type { XmlElement } from '../../../../src/pacemaker/xml.ts'
import { pcsCib, PACEMAKERS } from '../fixture.ts'

const NODES = ['server1', 'server2', 'server3']
const WHOLES = ['vip', 'webgrp', 'db-clone', 'pinger-clone', 'off']

const cibs = fc.constantFrom(...PACEMAKERS.map(pcsCib))
const node = fc.constantFrom(...NODES)
const drawn = fc.record({ resource: fc.constantFrom(...WHOLES), node, promoted: fc.boolean() })
type Edit = (cib: XmlElement) => XmlElement
const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(node, fc.boolean()).map(
    ([name, on]) =>
      (cib: XmlElement) =>
        withStandby(cib, name, on),
  ),
  fc.tuple(node, fc.boolean()).map(
    ([name, on]) =>
      (cib: XmlElement) =>
        withNodeMaintenance(cib, name, on),
  ),
  fc.tuple(fc.constantFrom(...WHOLES), fc.boolean()).map(
    ([id, on]) =>
      (cib: XmlElement) =>
        withResourceMaintenance(cib, id, on),
  ),
  fc.boolean().map((on) => (cib: XmlElement) => withClusterMaintenance(cib, on)),
  drawn.map((one) => (cib: XmlElement) => withPreference(cib, one)),
  drawn.map((one) => (cib: XmlElement) => withBan(cib, one)),
  drawn.map(
    ({ resource }) =>
      (cib: XmlElement) =>
        withoutMoves(cib, resource),
  ),
  fc
    .option(node, { nil: undefined })
    .map((name) => (cib: XmlElement) => withoutFailures(cib, { node: name })),
)

/** Everything but one section of the configuration. */
function beside(cib: XmlElement, section: string): string {
  const configuration = child(cib, 'configuration')!
  const found = child(configuration, section)
  return renderXml(
    found === undefined ? cib : replaced(cib, configuration, replaced(configuration, found, undefined)),
  )
}

describe('edits of a CIB', () => {
  test('done twice are as done once, and give every id out once', () => {
    fc.assert(
      fc.property(cibs, fc.array(edits, { minLength: 1, maxLength: 5 }), (cib, all) => {
        const edited = all.reduce((now, edit) => edit(now), cib)
        const last = all.at(-1)!
        expect(renderXml(last(edited))).toBe(renderXml(edited))
        const ids = [...walk(child(edited, 'configuration')!)].flatMap(
          ({ attributes }) => attributes.id ?? [],
        )
        const repeated = ids.filter((id, at) => ids.indexOf(id) !== at)
        const before = [...walk(child(cib, 'configuration')!)].flatMap(
          ({ attributes }) => attributes.id ?? [],
        )
        expect(repeated).toEqual(before.filter((id, at) => before.indexOf(id) !== at))
      }),
    )
  })

  test('touch one section alone', () => {
    fc.assert(
      fc.property(cibs, drawn, fc.boolean(), (cib, one, on) => {
        for (const edit of [withPreference, withBan])
          expect(beside(edit(cib, one), 'constraints')).toBe(beside(cib, 'constraints'))
        expect(beside(withStandby(cib, one.node), 'nodes')).toBe(beside(cib, 'nodes'))
        expect(beside(withNodeMaintenance(cib, one.node, on), 'nodes')).toBe(beside(cib, 'nodes'))
        expect(beside(withClusterMaintenance(cib, on), 'crm_config')).toBe(beside(cib, 'crm_config'))
        expect(beside(withResourceMaintenance(cib, one.resource, on), 'resources')).toBe(
          beside(cib, 'resources'),
        )
      }),
      { numRuns: 40 },
    )
  })

  test('leave a CIB as it is that does not know the name', () => {
    fc.assert(
      fc.property(cibs, fc.boolean(), (cib, on) => {
        expect(withStandby(cib, 'server9', on)).toBe(cib)
        expect(withNodeMaintenance(cib, 'server9', on)).toBe(cib)
        expect(withResourceMaintenance(cib, 'nothing', on)).toBe(cib)
        expect(withoutMoves(cib, 'nothing')).toBe(cib)
      }),
    )
  })

  test('a move is one constraint of its resource, and clearing takes away all of them and nothing else', () => {
    fc.assert(
      fc.property(cibs, fc.array(drawn, { minLength: 1, maxLength: 4 }), (cib, moves) => {
        const edited = moves.reduce((now, one) => withPreference(withBan(now, one), one), cib)
        for (const { resource } of moves)
          expect(leftBehind(edited).filter(({ id }) => id === `cli-prefer-${resource}`)).toHaveLength(1)
        const last = moves.at(-1)!
        expect(leftBehind(edited)).toContainEqual({
          id: `cli-prefer-${last.resource}`,
          resource: last.resource,
          node: last.node,
          kind: 'prefer',
          ...(last.promoted ? { role: 'Promoted' } : {}),
        })
        // What kept it off the node that it is drawn to is gone.
        expect(leftBehind(edited).map(({ id }) => id)).not.toContain(
          `cli-ban-${last.resource}-on-${last.node}`,
        )
        const cleared = WHOLES.reduce(withoutMoves, edited)
        expect(renderXml(cleared)).toBe(renderXml(WHOLES.reduce(withoutMoves, cib)))
      }),
    )
  })
})

test('of names that begin alike, only the own constraints are cleared', () => {
  const cib = parseXml(`<cib><configuration><constraints>
    <rsc_location id="cli-ban-vip-on-a" rsc="vip" node="a" score="-INFINITY"/>
    <rsc_location id="cli-ban-vip-on-b-on-c" rsc="vip-on-b" node="c" score="-INFINITY"/>
    <rsc_location id="cli-ban-vip2-on-a" rsc="vip2" node="a" score="-INFINITY"/>
    <rsc_location id="drbd-fence-by-handler-r0-db" rsc="db"><rule score="-INFINITY"/></rsc_location>
  </constraints></configuration></cib>`)
  expect(leftBehind(withoutMoves(cib, 'vip')).map(({ id }) => id)).toEqual([
    'cli-ban-vip-on-b-on-c',
    'cli-ban-vip2-on-a',
    'drbd-fence-by-handler-r0-db',
  ])
})

const counted = fc.record({
  node,
  resource: fc.constantFrom('vip', 'web', 'vip-2'),
  operation: fc.constantFrom('#start_0', '#monitor_30000', ''),
  count: fc.constantFrom('1', '3', 'INFINITY'),
})

/** @param all failures, each with the record of the operation that failed, of resources that else run well */
const failing = (all: readonly { node: string; resource: string; operation: string; count: string }[]) =>
  parseXml(
    `<cib><configuration/><status>${NODES.map(
      (name) =>
        `<node_state uname="${name}"><lrm><lrm_resources>${all
          .filter((one) => one.node === name)
          .map(
            ({ resource }, at) =>
              `<lrm_resource id="${resource}"><lrm_rsc_op id="${resource}_last_0" n="${at}"/><lrm_rsc_op id="${resource}_last_failure_0" n="${at}"/></lrm_resource>`,
          )
          .join('')}</lrm_resources></lrm><transient_attributes><instance_attributes>${all
          .filter((one) => one.node === name)
          .map(
            ({ resource, operation, count }) =>
              `<nvpair name="fail-count-${resource}${operation}" value="${count}"/><nvpair name="last-failure-${resource}${operation}" value="1700000000"/>`,
          )
          .join(
            '',
          )}<nvpair name="master-db" value="10"/></instance_attributes></transient_attributes></node_state>`,
    ).join('')}</status></cib>`,
  )

test('failures go of those that are meant, with their operations, and no others', () => {
  const scope = fc.record({
    resources: fc.option(fc.subarray(['vip', 'web', 'vip-2']), { nil: undefined }),
    node: fc.option(node, { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(counted, { maxLength: 8 }), scope, (all, { resources, node: only }) => {
      const cib = failing(all)
      const edited = withoutFailures(cib, { resources: resources && new Set(resources), node: only })
      const isMeant = (one: { resource: string; node: string }): boolean =>
        (resources === undefined || resources.includes(one.resource)) &&
        (only === undefined || one.node === only)
      expect(allFailCounts(edited)).toEqual(allFailCounts(cib).filter((one) => !isMeant(one)))
      const tags = (of: XmlElement, end: string) =>
        [...walk(of)].filter(({ name, attributes }) => name === 'lrm_rsc_op' && attributes.id?.endsWith(end))
      expect(tags(edited, '_last_0')).toEqual(tags(cib, '_last_0'))
      expect(tags(edited, '_last_failure_0')).toHaveLength(all.filter((one) => !isMeant(one)).length)
      const scores = [...walk(edited)].filter(({ attributes }) => attributes.name === 'master-db')
      expect(scores).toHaveLength(NODES.length)
    }),
  )
})

test('off standby means both lifetimes', () => {
  const cib = parseXml(`<cib><configuration><nodes><node id="1" uname="server1"><instance_attributes id="n">
    <nvpair id="a" name="standby" value="on"/></instance_attributes></node></nodes></configuration>
    <status><node_state uname="server1"><transient_attributes id="1"><instance_attributes id="s">
    <nvpair id="b" name="standby" value="on"/><nvpair id="c" name="other" value="1"/></instance_attributes>
    </transient_attributes></node_state></status></cib>`)
  const off = withStandby(cib, 'server1', false)
  expect([...walk(off)].flatMap(({ attributes }) => attributes.name ?? [])).toEqual(['other'])
  const nodes = elements(child(child(off, 'configuration'), 'nodes')!, 'node')
  expect(readSets(nodes[0], 'instance_attributes')).toEqual(new Map())
})
