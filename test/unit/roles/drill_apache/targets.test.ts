import { describe, expect, test } from 'vitest'
import { uncuttable } from '../../../../roles/drill_apache/act.ts'
import { drillTargets } from '../../../../roles/drill_apache/targets.ts'
import { drillApacheVars } from '../../../../roles/drill_apache/vars.ts'
import { BringupError } from '../../../../src/errors.ts'

const resources = {
  vip: { agent: 'ocf:heartbeat:IPaddr2', options: { ip: '192.168.60.100' } },
  httpd: { agent: 'ocf:heartbeat:apache' },
  ping: {
    agent: 'ocf:pacemaker:ping',
    options: { name: 'default_ping_set', host_list: ' 192.168.60.1  192.168.60.2 ' },
  },
}
const defaults = { 'resource-stickiness': 'INFINITY', 'migration-threshold': 3 }
const site = {
  cluster_resources: resources,
  cluster_groups: { web: ['vip', 'httpd'] },
  cluster_resource_defaults: defaults,
}
const targets = (more: object = {}) => drillTargets(drillApacheVars.parse({ ...site, ...more }))

test('what is drilled is found in what is declared', () => {
  expect(targets()).toEqual({
    apache: 'httpd',
    vip: 'vip',
    group: 'web',
    address: '192.168.60.100',
    path: '/',
    namesNode: false,
    threshold: 3,
    ping: { hosts: ['192.168.60.1', '192.168.60.2'], attribute: 'default_ping_set' },
  })
  expect(targets({ apache_node_page: '/node.txt' })).toMatchObject({ path: '/node.txt', namesNode: true })
  const { vip, httpd } = resources
  expect(targets({ cluster_resources: { vip, httpd } }).ping).toBeNull()
  const own = { ...resources, httpd: { ...httpd, meta: { 'migration-threshold': 5 } } }
  expect(targets({ cluster_resources: own }).threshold).toBe(5)
})

describe('a cluster that the drill cannot foretell is refused', () => {
  test.each([
    ['no group', { cluster_groups: {} }, 'has no group of'],
    ['another group', { cluster_groups: { web: ['httpd'] } }, 'has no group of'],
    [
      'a threshold of one',
      { cluster_resource_defaults: { ...defaults, 'migration-threshold': 1 } },
      'not a number above 1',
    ],
    [
      'no threshold',
      { cluster_resource_defaults: { 'resource-stickiness': 'INFINITY' } },
      'not a number above 1',
    ],
    [
      'it moves back',
      { cluster_resource_defaults: { ...defaults, 'resource-stickiness': 100 } },
      'may move back',
    ],
    [
      'failures expire',
      { cluster_resource_defaults: { ...defaults, 'failure-timeout': '1min' } },
      'forgotten',
    ],
  ])('%s', (_, more, said) => {
    expect(() => targets(more)).toThrow(BringupError)
    expect(() => targets(more)).toThrow(said)
  })
})

test.each([
  ['3.10.0-1160.el7.x86_64', ['192.168.60.1'], 'before Linux 4.17'],
  ['4.17.0', ['192.168.60.1'], null],
  ['6.1.0-18-amd64', ['192.168.60.1', '192.168.60.2'], null],
  ['6.1.0-18-amd64', ['gateway'], 'not all IPv4'],
  ['6.1.0-18-amd64', ['192.168.60.1', 'fd00::1'], 'not all IPv4'],
])('on Linux %s pings to %j: %s', (release, hosts, said) => {
  const why = uncuttable({ hosts, attribute: 'pingd' }, release)
  if (said === null) expect(why).toBeNull()
  else expect(why).toContain(said)
})
