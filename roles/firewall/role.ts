import { isIP } from 'node:net'
import { defineRole } from 'bringup'
import type { Node } from 'bringup'
import { chainRules, iptablesRules, ufwRules } from './by_hand.ts'
import type { ByHand } from './by_hand.ts'
import { firewalldOpenings } from './firewalld.ts'
import { lookAtFirewall } from './look.ts'
import type { Firewall } from './look.ts'
import { chainText, isOfIptables } from './nft_rules.ts'
import type { InputChain } from './nft_rules.ts'
import { openNftables } from './nftables.ts'
import { openingsFor } from './openings.ts'
import type { Member, Opening } from './openings.ts'
import { firewallVars } from './vars.ts'
import type { FirewallVars } from './vars.ts'

const UNITS = ['firewalld', 'nftables', 'ufw', 'iptables', 'ip6tables']

export default defineRole({
  summary: "The nodes reach one another's corosync, pcsd and DRBD through their firewalls",
  vars: firewallVars,

  async run({ nodes }) {
    const members = [...nodes].map((node): Member => ({
      name: node.name,
      addresses: node.vars.cluster_addresses ?? [node.address],
    }))
    await nodes.each(async (node) => {
      if (node.vars.firewall === 'off') {
        const units = UNITS.filter((name) => node.facts.services[name] !== undefined)
        await Promise.all(units.map((name) => node.service({ name, state: 'stopped', enabled: false })))
        return
      }
      await node.require(
        'addresses to let in, not names',
        async () => namesIn(members).length === 0 || namesIn(members).join(', '),
        'Set cluster_addresses of each host.',
      )
      const { drbd_resources: resources, cluster_links: links } = node.vars
      const openings = openingsFor(node.name, members, resources, links)
      if (openings.length === 0) return node.skip('ports of the cluster', 'no other node is in this run')
      await open(node, openings)
    })
  },
})

const namesIn = (members: readonly Member[]): string[] =>
  members.flatMap(({ addresses }) => addresses).filter((address) => isIP(address) === 0)

async function open(node: Node<FirewallVars>, openings: readonly Opening[]): Promise<void> {
  const firewall = await lookAtFirewall(node)
  switch (firewall.kind) {
    case 'firewalld':
      return void (await node.do(firewalldOpenings, { openings, addresses: node.facts.addresses }))
    case 'idle':
      return await node.require(
        'a firewall that runs, or none',
        async () => `${firewall.unit} does not run now, but will after the next boot`,
        `Start it (systemctl start ${firewall.unit}) and run again, or do without: systemctl disable ${firewall.unit}`,
      )
    case 'ufw':
      return await require(node, ufwRules(openings, firewall.added))
    case 'tables':
      return await openTables(node, firewall, openings)
  }
}

async function openTables(
  node: Node<FirewallVars>,
  { chains, iptables, ip6tables }: Extract<Firewall, { kind: 'tables' }>,
  openings: readonly Opening[],
): Promise<void> {
  const file = node.facts.packageManager === 'apt' ? '/etc/nftables.conf' : '/etc/sysconfig/nftables.conf'
  const own = await chainsOfFile(
    node,
    file,
    chains.filter((chain) => !isOfIptables(chain)),
  )
  // What others bring with a policy to drop; the rest of them (fail2ban) is for ports of its own.
  const foreign = chains.filter((chain) => chain.drops && !own.includes(chain) && !isOfIptables(chain))
  const byHand = [
    ...iptablesRules('iptables', openings, iptables),
    ...iptablesRules('ip6tables', openings, ip6tables),
    ...foreign.flatMap((chain) => chainRules(chain, openings)),
  ]
  await require(node, byHand)
  if (own.length > 0) await openNftables(node, { file, chains: own, openings })
  else if (byHand.length === 0) node.note('nothing filters here: no ports to open')
}

/** Those that the file of nftables.service makes: into these, and only these, it can insert rules at boot. */
async function chainsOfFile(
  node: Node<FirewallVars>,
  file: string,
  chains: readonly InputChain[],
): Promise<InputChain[]> {
  if (chains.length === 0) return []
  const { stdout } = await node.$.read`sh -c ${OF_FILE} sh ${file} ${chains.map(chainText)}`
  return chains.filter((chain) => stdout.split('\n').includes(chainText(chain)))
}

const OF_FILE = `
file=$1; shift
[ -e "$file" ] || exit 0
for chain; do
  if { echo 'flush ruleset'; cat "$file"; echo "add rule $chain counter"; } | nft -c -f - >/dev/null 2>&1; then
    printf '%s\\n' "$chain"
  fi
done`

/** For firewalls whose files are somebody else's to write: whether the rules are there, or the commands to type. */
async function require(node: Node<FirewallVars>, rules: readonly ByHand[]): Promise<void> {
  if (rules.length === 0) return
  const missing = rules.filter(({ isThere }) => !isThere).map(({ command }) => command)
  await node.require(
    'the ports of the cluster are open',
    async () => missing.length === 0 || `${missing.length} of ${rules.length} rules are missing`,
    `Type on ${node.name}, then run again (rules of iptables and nft are to be kept as well: service iptables save, netfilter-persistent save):\n${missing.join('\n')}`,
  )
}
