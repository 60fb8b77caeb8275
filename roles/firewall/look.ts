import { randomBytes } from 'node:crypto'
import type { Node } from 'bringup'
import { readSections, sectionsHead } from '../../src/facts/sections.ts'
import { parseInputChains } from './nft_rules.ts'
import type { InputChain } from './nft_rules.ts'

/** What filters on a node. */
export type Firewall =
  | { readonly kind: 'firewalld' }
  /** It would filter from the next boot on, with rules that nobody sees now. */
  | { readonly kind: 'idle'; readonly unit: string }
  /** @property added what `ufw show added` prints */
  | { readonly kind: 'ufw'; readonly added: readonly string[] }
  | {
      readonly kind: 'tables'
      readonly chains: readonly InputChain[]
      /** What `-S INPUT` of each prints; empty where its tables are not in use. */
      readonly iptables: readonly string[]
      readonly ip6tables: readonly string[]
    }

// iptables itself would make the tables that it is asked about. Those of its older kind have a file, those of its newer
// one are tables of nftables.
const SCRIPT = `{
what=tables unit=
if systemctl is-active --quiet firewalld; then what=firewalld
else
  for one in firewalld nftables iptables ip6tables; do
    if systemctl is-enabled --quiet "$one" && ! systemctl is-active --quiet "$one"; then what=idle unit=$one; fi
  done
  if has ufw && ufw status | grep -q '^Status: active'; then what=ufw; fi
fi
section kind; echo "$what"
section unit; echo "$unit"
case $what in
  ufw) section added; ufw show added ;;
  tables)
    section nft; if has nft; then nft -j list ruleset; fi
    section iptables
    if grep -qsx filter /proc/net/ip_tables_names || nft list chain ip filter INPUT >&2; then iptables -S INPUT; fi
    section ip6tables
    if grep -qsx filter /proc/net/ip6_tables_names || nft list chain ip6 filter INPUT >&2; then ip6tables -S INPUT; fi ;;
esac
section end
} 2>/dev/null
exit 0`

export async function lookAtFirewall<V>(node: Node<V>): Promise<Firewall> {
  const mark = randomBytes(12).toString('hex')
  const { stdout } = await node.$.read`sh -c ${`${sectionsHead(mark)}\n${SCRIPT}`}`
  return readFirewall(stdout, mark)
}

/** Pure: what the script printed. */
export function readFirewall(text: string, mark: string): Firewall {
  const sections = readSections(text, mark)
  switch (sections.text('kind')) {
    case 'firewalld':
      return { kind: 'firewalld' }
    case 'idle':
      return { kind: 'idle', unit: sections.text('unit') }
    case 'ufw':
      return { kind: 'ufw', added: sections.lines('added') }
  }
  const nft = sections.text('nft')
  return {
    kind: 'tables',
    chains: nft.startsWith('{') ? parseInputChains(nft) : [],
    iptables: sections.lines('iptables'),
    ip6tables: sections.lines('ip6tables'),
  }
}
