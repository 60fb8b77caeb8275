import { expect, test } from 'vitest'
import { sceneIn } from '../../../../roles/drill_apache/see.ts'
import type { Targets } from '../../../../roles/drill_apache/targets.ts'

const targets: Targets = {
  apache: 'httpd',
  vip: 'vip',
  group: 'web',
  address: '192.168.111.100',
  path: '/',
  namesNode: false,
  threshold: 3,
  ping: { hosts: ['192.168.111.254'], attribute: 'default_ping_set' },
}

const resource = (id: string, more: string, node: string): string =>
  `<resource id="${id}" resource_agent="ocf:heartbeat:x" ${more} active="true" orphaned="false" blocked="false" managed="true" failed="false">${node}</resource>`

const monitor = ({ root = 'pacemaker-result', httpd = '', ping = '1000' } = {}): string => `<${root}>
  <summary><current_dc present="true" name="server1" version="2.1.5" with_quorum="true"/></summary>
  <nodes><node name="server1" id="1" online="true"/><node name="server2" id="2" online="true"/></nodes>
  <resources><group id="web">${resource('vip', 'role="Started"', '<node name="server1"/>')}
    ${httpd || resource('httpd', 'role="Started"', '<node name="server1"/>')}</group></resources>
  <node_attributes>
    <node name="server1"><attribute name="default_ping_set" value="${ping}" expected="1000"/></node>
    <node name="server2"><attribute name="default_ping_set" value="1000" expected="1000"/></node>
  </node_attributes>
  <node_history>
    <node name="server2"><resource_history id="httpd" orphan="false" migration-threshold="3" fail-count="INFINITY"/></node>
    <node name="server1">
      <resource_history id="vip" orphan="false" migration-threshold="3"/>
      <resource_history id="httpd" orphan="false" migration-threshold="3" fail-count="2" last-failure="Sun"/>
    </node>
  </node_history></${root}>`
const NONE =
  '<constraints><rsc_location id="web_location" rsc="web"><rule score="-INFINITY"/></rsc_location></constraints>'

test.each(['pacemaker-result', 'crm_mon'])('places and failures, as %s tells them', (root) => {
  expect(sceneIn(monitor({ root }), NONE, targets)).toEqual({
    apache: 'server1',
    vip: 'server1',
    failures: { server1: 2, server2: Infinity },
    banned: [],
    preferred: null,
    cutOff: [],
  })
})

test('what a forced move leaves, and nobody else’s constraints', () => {
  const constraints = `<constraints>
    <rsc_location id="cli-prefer-web" rsc="web" role="Started" node="server2" score="INFINITY"/>
    <rsc_location id="cli-ban-web-on-server1" rsc="web" role="Started" node="server1" score="-INFINITY"/>
    <rsc_location id="cli-ban-db-on-server2" rsc="db" role="Started" node="server2" score="-INFINITY"/>
    <rsc_location id="mine" rsc="web" node="server2" score="-INFINITY"/></constraints>`
  expect(sceneIn(monitor(), constraints, targets)).toMatchObject({
    banned: ['server1'],
    preferred: 'server2',
  })
})

test('what is being stopped, or has stopped, runs nowhere', () => {
  const stopping = resource('httpd', 'role="Started" pending="Stopping"', '<node name="server1"/>')
  const stopped = resource('httpd', 'role="Stopped"', '')
  for (const httpd of [stopping, stopped])
    expect(sceneIn(monitor({ httpd }), NONE, targets)).toMatchObject({ apache: null, vip: 'server1' })
})

test('a node is cut off where its attribute is 0, or not there; none is where no ping host is declared', () => {
  expect(sceneIn(monitor({ ping: '0' }), NONE, targets).cutOff).toEqual(['server1'])
  const other = { ...targets, ping: { hosts: ['192.168.111.254'], attribute: 'pingd' } }
  expect(sceneIn(monitor(), NONE, other).cutOff).toEqual(['server1', 'server2'])
  expect(sceneIn(monitor({ ping: '0' }), NONE, { ...targets, ping: null }).cutOff).toEqual([])
})

test.each(['INFINITY', '1000000'])('a count of %s is without an end', (count) => {
  const text = monitor().replace('fail-count="2"', `fail-count="${count}"`)
  expect(sceneIn(text, NONE, targets).failures).toEqual({ server1: Infinity, server2: Infinity })
})
