import { describe, expect, test } from 'vitest'
import { placesOf, STATUS_PAGE } from '../../../../roles/apache/places.ts'
import { isPacemakers } from '../../../../roles/apache/unit.ts'
import { parseCrmMon } from '../../../../src/pacemaker/crm_mon.ts'

const monitor = (agent: string, { active = true, node = 'server1' } = {}) =>
  parseCrmMon(`<pacemaker-result><resources><group id="web"><resource id="httpd" resource_agent="${agent}"
    role="${active ? 'Started' : 'Stopped'}" active="${active}" orphaned="false" blocked="false" managed="true" failed="false">
    ${active ? `<node name="${node}" id="1"/>` : ''}</resource></group></resources></pacemaker-result>`)

describe('what systemd started is Pacemaker’s', () => {
  test.each([
    ['where the agent has it on this node', monitor('ocf::heartbeat:apache'), true],
    ['where Pacemaker runs the unit itself', monitor('systemd:apache2'), true],
    ['where the cluster does not answer: it may have it', null, true],
    ['not where it is on another node', monitor('ocf:heartbeat:apache', { node: 'server2' }), false],
    ['not where it does not run', monitor('ocf:heartbeat:apache', { active: false }), false],
    ['not where another unit or agent runs', monitor('systemd:nginx'), false],
    ['not where the cluster has nothing', { resources: [] }, false],
  ])('%s', (_, status, expected) => {
    expect(isPacemakers(status, 'server1', 'apache2')).toBe(expected)
  })
})

test('names and places follow the package manager', () => {
  expect(placesOf({ packageManager: 'apt' })).toMatchObject({
    name: 'apache2',
    pidFile: '/var/run/apache2/apache2.pid',
  })
  for (const packageManager of ['yum', 'dnf'] as const)
    expect(placesOf({ packageManager })).toMatchObject({
      name: 'httpd',
      configuration: '/etc/httpd/conf/httpd.conf',
      pidLine: 'PidFile /var/run/httpd/httpd.pid',
      pidFile: '/var/run/httpd/httpd.pid',
      status: '/etc/httpd/conf.d/server-status.conf',
    })
})

test('the status page lets in the loopback, and no address that the node may have', () => {
  const rules = STATUS_PAGE.split('\n').filter((line) => /^\s*(Require|Allow|Order)\b/.test(line))
  expect(rules.map((line) => line.trim())).toEqual(['Require ip 127.0.0.1 ::1'])
})
