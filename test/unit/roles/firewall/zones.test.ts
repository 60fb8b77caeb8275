import { expect, test } from 'vitest'
import { firewalldOpenings } from '../../../../roles/firewall/firewalld.ts'
import type { FirewalldState } from '../../../../roles/firewall/firewalld.ts'
import { parseZones, richRule, zoneOf } from '../../../../roles/firewall/zones.ts'
import type { Opening } from '../../../../roles/firewall/openings.ts'

// firewalld 1.3, shortened; 0.6 of EL 7 says the same.
const SHOWN = `internal (active)
  target: default
  icmp-block-inversion: no
  interfaces: eth1
  sources: 10.9.0.0/16 00:11:22:33:44:55 ipset:friends
  services: ssh
  ports: 
  rich rules: 

public (default, active)
  target: default
  interfaces: eth0
  sources: 
  services: dhcpv6-client ssh
  rich rules: 
	rule family="ipv4" source address="192.168.111.2" port port="2224" protocol="tcp" accept
	rule family="ipv4" source address="192.168.111.2" port port="5404-5412" protocol="udp" accept

trusted
  target: ACCEPT
  interfaces: eth9
  sources: 
  rich rules: 
`
const zones = parseZones(SHOWN)
const own = [
  { interface: 'eth0', family: 'inet' as const, address: '192.168.111.1', prefix: 24 },
  { interface: 'eth1', family: 'inet' as const, address: '10.0.0.1', prefix: 24 },
  { interface: 'eth1', family: 'inet6' as const, address: 'fd00::1', prefix: 64 },
  { interface: 'eth9', family: 'inet' as const, address: '10.7.0.1', prefix: 24 },
]

test('zones as firewall-cmd lists them', () => {
  expect(
    zones.map(({ name, target, interfaces, rules }) => [name, target, interfaces, rules.length]),
  ).toEqual([
    ['internal', 'default', ['eth1'], 0],
    ['public', 'default', ['eth0'], 2],
    ['trusted', 'ACCEPT', ['eth9'], 0],
  ])
  expect(zones[0]?.sources).toEqual(['10.9.0.0/16', '00:11:22:33:44:55', 'ipset:friends'])
})

test.each([
  ['192.168.111.2', 'public', 'its interface'],
  ['10.0.0.2', 'internal', 'its interface'],
  ['fd00::2', 'internal', 'its interface'],
  ['10.9.3.4', 'internal', 'a source'],
  ['172.16.0.1', 'drop', 'neither: the default'],
])('%s goes through %s, by %s', (from, zone) => {
  expect(zoneOf(from, { zones, defaultZone: 'drop' }, own)).toBe(zone)
})

const opening = (from: string, ports = '2224'): Opening => ({ from, protocol: 'tcp', ports })

test('rules as firewalld writes them', () => {
  expect(richRule(opening('fd00::2', '7788'))).toBe(
    'rule family="ipv6" source address="fd00::2" port port="7788" protocol="tcp" accept',
  )
  expect(zones[1]?.rules).toContain(richRule(opening('192.168.111.2')))
})

test('what is missing now or for good is planned, what a zone lets in anyway is not', () => {
  const none = zones.map((zone) => ({ ...zone, rules: [] }))
  const state: FirewalldState = { defaultZone: 'public', now: zones, permanent: none }
  const want = firewalldOpenings.params.parse({
    openings: [opening('192.168.111.2'), opening('192.168.111.3'), opening('10.7.0.2')],
    addresses: own,
  })
  const plan = (now: FirewalldState) => firewalldOpenings.plan(now, want).map(({ summary }) => summary)
  expect(plan(state)).toEqual([
    'accept tcp 2224 from 192.168.111.2 in the zone public, for good',
    'accept tcp 2224 from 192.168.111.3 in the zone public',
  ])
  expect(plan({ ...state, now: none, permanent: zones })[0]).toMatch(/in the zone public, now$/)
  expect(plan(firewalldOpenings.after(state, want))).toEqual([])
})
