import { expect, test } from 'vitest'
import { chainRules, iptablesRules, ufwRules } from '../../../../roles/firewall/by_hand.ts'
import { readFirewall } from '../../../../roles/firewall/look.ts'
import { insertRule, isOfIptables, parseInputChains, rulesFor } from '../../../../roles/firewall/nft_rules.ts'
import type { Opening } from '../../../../roles/firewall/openings.ts'

const COROSYNC: Opening = { from: '192.168.111.2', protocol: 'udp', ports: '5404-5412' }
const PCSD6: Opening = { from: 'fd00::2', protocol: 'tcp', ports: '2224' }

// nft 1.0.6, shortened.
const RULESET = JSON.stringify({
  nftables: [
    { metainfo: { version: '1.0.6', json_schema_version: 1 } },
    { table: { family: 'inet', name: 'filter', handle: 1 } },
    {
      chain: {
        family: 'inet',
        table: 'filter',
        name: 'input',
        handle: 1,
        type: 'filter',
        hook: 'input',
        prio: 0,
        policy: 'drop',
      },
    },
    { chain: { family: 'inet', table: 'filter', name: 'services', handle: 2 } },
    {
      chain: {
        family: 'inet',
        table: 'filter',
        name: 'forward',
        type: 'filter',
        hook: 'forward',
        prio: 0,
        policy: 'drop',
      },
    },
    {
      rule: {
        family: 'inet',
        table: 'filter',
        chain: 'input',
        handle: 4,
        comment: 'bringup: udp 5404-5412 from 192.168.111.2',
        expr: [],
      },
    },
    { rule: { family: 'inet', table: 'filter', chain: 'input', handle: 5, expr: [] } },
    {
      chain: {
        family: 'ip',
        table: 'filter',
        name: 'INPUT',
        type: 'filter',
        hook: 'input',
        prio: 0,
        policy: 'accept',
      },
    },
  ],
})

test('input chains of a ruleset, with the comments of their rules', () => {
  const [input, iptables] = parseInputChains(RULESET)
  expect(input).toEqual({
    family: 'inet',
    table: 'filter',
    name: 'input',
    drops: true,
    comments: ['bringup: udp 5404-5412 from 192.168.111.2'],
  })
  expect([isOfIptables(input!), isOfIptables(iptables!)]).toEqual([false, true])
  expect(chainRules(input!, [COROSYNC, PCSD6]).map(({ isThere }) => isThere)).toEqual([true, false])
})

test('rules of a chain are those of its family', () => {
  const chain = { table: 'filter', name: 'input' }
  expect(rulesFor({ family: 'ip', ...chain }, [COROSYNC, PCSD6])).toEqual([COROSYNC])
  expect(rulesFor({ family: 'ip6', ...chain }, [COROSYNC, PCSD6])).toEqual([PCSD6])
  expect(rulesFor({ family: 'inet', ...chain }, [COROSYNC, PCSD6])).toHaveLength(2)
  expect(insertRule('inet filter input', PCSD6)).toBe(
    'insert rule inet filter input ip6 saddr fd00::2 tcp dport 2224 accept comment "bringup: tcp 2224 from fd00::2"',
  )
})

test('the commands for ufw are as it shows them again', () => {
  const added = [
    "Added user rules (see 'ufw status' for running firewall):",
    'ufw allow 22/tcp',
    'ufw allow from 192.168.111.2 to any port 5404:5412 proto udp',
  ]
  expect(ufwRules([COROSYNC, PCSD6], added)).toEqual([
    { command: 'ufw allow from 192.168.111.2 to any port 5404:5412 proto udp', isThere: true },
    { command: 'ufw allow from fd00::2 to any port 2224 proto tcp', isThere: false },
  ])
})

test('the commands for iptables are as it shows them again', () => {
  const rule = 'INPUT -s 192.168.111.2/32 -p udp -m udp --dport 5404:5412 -j ACCEPT'
  expect(iptablesRules('iptables', [COROSYNC, PCSD6], ['-P INPUT DROP'])).toEqual([
    { command: `iptables -I ${rule}`, isThere: false },
  ])
  // As EL 7 has it by default.
  const rejecting = ['-P INPUT ACCEPT', `-A ${rule}`, '-A INPUT -j REJECT --reject-with icmp-host-prohibited']
  expect(iptablesRules('iptables', [COROSYNC], rejecting)[0]?.isThere).toBe(true)
  expect(iptablesRules('ip6tables', [COROSYNC, PCSD6], ['-P INPUT DROP'])).toMatchObject([
    { command: expect.stringContaining('ip6tables -I INPUT -s fd00::2/128') as string },
  ])
})

test.each([[[]], [['-P INPUT ACCEPT']], [['-P INPUT ACCEPT', '-A INPUT -p tcp --dport 22 -j f2b-sshd']]])(
  'iptables with %j refuses nothing',
  (shown) => expect(iptablesRules('iptables', [COROSYNC], shown)).toEqual([]),
)

test('what filters, as the script prints it', () => {
  const say = (lines: readonly string[]) =>
    readFirewall(`${lines.map((line) => line.replace(/^#/, '\nMARK ')).join('\n')}\nMARK end\n`, 'MARK')
  expect(say(['#kind', 'firewalld', '#unit', ''])).toEqual({ kind: 'firewalld' })
  expect(say(['#kind', 'idle', '#unit', 'nftables'])).toEqual({ kind: 'idle', unit: 'nftables' })
  expect(say(['#kind', 'ufw', '#unit', '', '#added', 'x', 'ufw allow 22/tcp'])).toEqual({
    kind: 'ufw',
    added: ['x', 'ufw allow 22/tcp'],
  })
  expect(
    say(['#kind', 'tables', '#unit', '', '#nft', '', '#iptables', '-P INPUT DROP', '#ip6tables']),
  ).toEqual({
    kind: 'tables',
    chains: [],
    iptables: ['-P INPUT DROP'],
    ip6tables: [],
  })
  expect(say(['#kind', 'tables', '#unit', '', '#nft', RULESET])).toMatchObject({
    chains: [{ name: 'input' }, { name: 'INPUT' }],
  })
})
