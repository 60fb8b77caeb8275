import { expect, test } from 'vitest'
import { cibWarnings } from '../../../src/pacemaker/warnings.ts'
import { parseXml } from '../../../src/pacemaker/xml.ts'
import { pcsCib } from './fixture.ts'

function cluster(
  properties: Record<string, string>,
  nodes = ['server1', 'server2'],
  resources = '',
  constraints = '',
) {
  const set = Object.entries(properties).map(
    ([name, value]) => `<nvpair id="p-${name}" name="${name}" value="${value}"/>`,
  )
  const members = nodes.map((name) => `<node id="${name}" uname="${name}"/>`)
  return parseXml(`<cib><configuration><crm_config><cluster_property_set id="o">${set.join('')}</cluster_property_set></crm_config>
    <nodes>${members.join('')}</nodes><resources>${resources}</resources><constraints>${constraints}</constraints></configuration></cib>`)
}

const DEVICE = (options = '') =>
  `<primitive id="f" class="stonith" type="fence_ipmilan"><instance_attributes id="fi">${options}</instance_attributes></primitive>`
const DELAY = '<nvpair id="d" name="pcmk_delay_base" value="10s"/>'

const begins = (cib: ReturnType<typeof cluster>) => cibWarnings(cib).map((text) => text.split(':')[0])

test.each([
  ['no fencing', cluster({ 'stonith-enabled': 'false' }), ['stonith-enabled=false']],
  ['by its newer name', cluster({ 'fencing-enabled': 'off' }), ['stonith-enabled=false']],
  ['on by default', cluster({}), []],
  ['no quorum policy', cluster({ 'no-quorum-policy': 'ignore' }), ['no-quorum-policy=ignore']],
  ['two nodes without a delay', cluster({}, ['a', 'b'], DEVICE()), ['Two nodes with fencing and no delay']],
  [
    'a delay of nothing',
    cluster({ 'priority-fencing-delay': '0s' }, ['a', 'b'], DEVICE()),
    ['Two nodes with fencing and no delay'],
  ],
  ['a delay on a device', cluster({}, ['a', 'b'], DEVICE(DELAY)), []],
  ['a delay by priority', cluster({ 'priority-fencing-delay': '15s' }, ['a', 'b'], DEVICE()), []],
  ['three nodes', cluster({}, ['a', 'b', 'c'], DEVICE()), []],
])('%s', (_name, cib, expected) => {
  expect(begins(cib)).toEqual(expected)
})

test('every warning is two lines: what it is, and what it means', () => {
  const all = cibWarnings(cluster({ 'stonith-enabled': 'false', 'no-quorum-policy': 'ignore' }))
  expect(all).toHaveLength(2)
  for (const warning of all) expect(warning.split('\n')).toHaveLength(2)
})

test.each([
  ['on', ['server1 is in standby']],
  ['true', ['server1 is in standby']],
  ['off', []],
])('a node with standby=%s', (value, expected) => {
  const set = `<instance_attributes id="i"><nvpair id="s" name="standby" value="${value}"/></instance_attributes>`
  const cib = parseXml(
    `<cib><configuration><nodes><node id="1" uname="server1">${set}</node><node id="2" uname="server2"/></nodes></configuration></cib>`,
  )
  expect(begins(cib)).toEqual(expected)
})

test('a constraint on a node that nobody knows', () => {
  const constraints =
    '<rsc_location id="l" rsc="r" node="sever1" score="1"/><rsc_location id="m" rsc="r" node="far" score="1"/>'
  const remote = '<primitive id="far" class="ocf" provider="pacemaker" type="remote"/>'
  expect(cibWarnings(cluster({}, ['server1'], remote, constraints))).toEqual([
    expect.stringContaining('The constraint l names the node sever1'),
  ])
})

test('a real cluster with its fencing off', () => {
  expect(begins(pcsCib('3.0.0'))).toEqual(['stonith-enabled=false'])
})
