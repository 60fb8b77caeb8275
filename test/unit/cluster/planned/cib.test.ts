import { expect, test } from 'vitest'
import { failCounts } from '../../../../src/cluster/planned/fail_counts.ts'
import { withStandby } from '../../../../src/pacemaker/cib/edit.ts'
import { parseXml, renderXml } from '../../../../src/pacemaker/xml.ts'

const CIB = parseXml(`<cib><configuration><nodes>
  <node id="1" uname="server1"><instance_attributes id="nodes-1"><nvpair id="nodes-1-standby" name="standby" value="off"/></instance_attributes></node>
  <node id="2" uname="server2"/></nodes></configuration>
  <status>
    <node_state id="1" uname="server1"><transient_attributes id="1"><instance_attributes id="status-1">
      <nvpair id="a" name="fail-count-vip#start_0" value="INFINITY"/>
      <nvpair id="b" name="last-failure-vip#start_0" value="1700000000"/>
      <nvpair id="c" name="fail-count-web" value="2"/>
      <nvpair id="d" name="fail-count-old#monitor_10000" value="0"/></instance_attributes></transient_attributes></node_state>
    <node_state id="2" uname="server2"/>
  </status></cib>`)

test('a CIB with a node in standby, and nothing else of it changed', () => {
  const one = renderXml(withStandby(CIB, 'server1'))
  expect(one).toBe(renderXml(CIB).replace('value="off"', 'value="on"'))
  const two = renderXml(withStandby(CIB, 'server2'))
  expect(two).toContain('<nvpair id="nodes-2-standby" name="standby" value="on"/>')
  expect(withStandby(CIB, 'server9')).toBe(CIB)
})

test('what is counted against a node, as Pacemaker 2 and 1.1 name it', () => {
  expect(failCounts(CIB, 'server1')).toEqual(['vip (start): INFINITY', 'web: 2'])
  expect(failCounts(CIB, 'server2')).toEqual([])
})
