import { chainText, insertRule, ruleComment, rulesFor } from './nft_rules.ts'
import type { InputChain } from './nft_rules.ts'
import { isIpv6 } from './openings.ts'
import type { Opening } from './openings.ts'

/** A rule that somebody has to make: the command for it, and whether it is there. */
export interface ByHand {
  readonly command: string
  readonly isThere: boolean
}

/** @param added what `ufw show added` prints: the commands that were given */
export const ufwRules = (openings: readonly Opening[], added: readonly string[]): ByHand[] =>
  openings.map(({ from, protocol, ports }) => {
    const command = `ufw allow from ${from} to any port ${ports.replace('-', ':')} proto ${protocol}`
    return { command, isThere: added.some((line) => line.trim() === command) }
  })

/** Whether the chain INPUT of iptables refuses anything itself; what others jump to (fail2ban, libvirt) is for their ports. */
export const refuses = (shown: readonly string[]): boolean =>
  shown.some((line) => line === '-P INPUT DROP' || / -j (DROP|REJECT)\b/.test(line))

/** @param shown what `iptables -S INPUT` or that of ip6tables prints */
export const iptablesRules = (
  program: 'iptables' | 'ip6tables',
  openings: readonly Opening[],
  shown: readonly string[],
): ByHand[] =>
  (refuses(shown) ? openings : [])
    .filter((opening) => isIpv6(opening) === (program === 'ip6tables'))
    .map(({ from, protocol, ports }) => {
      const rule = `INPUT -s ${from}/${program === 'iptables' ? 32 : 128} -p ${protocol} -m ${protocol} --dport ${ports.replace('-', ':')} -j ACCEPT`
      return { command: `${program} -I ${rule}`, isThere: shown.includes(`-A ${rule}`) }
    })

/** For a chain that something else than the file of nftables.service makes. */
export const chainRules = (chain: InputChain, openings: readonly Opening[]): ByHand[] =>
  rulesFor(chain, openings).map((opening) => ({
    command: `nft '${insertRule(chainText(chain), opening)}'`,
    isThere: chain.comments.includes(ruleComment(opening)),
  }))
