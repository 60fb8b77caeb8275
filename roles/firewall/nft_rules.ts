import { isIpv6, openingText } from './openings.ts'
import type { Opening } from './openings.ts'

/** A chain of nftables that sees what comes in. */
export interface InputChain {
  readonly family: 'inet' | 'ip' | 'ip6'
  readonly table: string
  readonly name: string
  readonly drops: boolean
  /** Comments of its rules, by which ours are found again. */
  readonly comments: readonly string[]
}

interface Listed {
  readonly chain?: {
    readonly family: string
    readonly table: string
    readonly name: string
    readonly type?: string
    readonly hook?: string
    readonly policy?: string
  }
  readonly rule?: {
    readonly family: string
    readonly table: string
    readonly chain: string
    readonly comment?: string
  }
}

/** Reads `nft -j list ruleset` (libnftables-json(5)): its base chains of type filter at the hook input. */
export function parseInputChains(json: string): InputChain[] {
  const { nftables: listed } = JSON.parse(json) as { nftables: readonly Listed[] }
  return listed.flatMap(({ chain }) => {
    if (chain === undefined || chain.type !== 'filter' || chain.hook !== 'input') return []
    const { family, table, name } = chain
    if (family !== 'inet' && family !== 'ip' && family !== 'ip6') return []
    const comments = listed.flatMap(({ rule }) =>
      rule?.family === family && rule.table === table && rule.chain === name && rule.comment !== undefined
        ? [rule.comment]
        : [],
    )
    return [{ family, table, name, drops: chain.policy === 'drop', comments }]
  })
}

/** The chain that iptables calls its own, in its newer kind; nft is not to write into it. */
export const isOfIptables = ({ family, table, name }: InputChain): boolean =>
  family !== 'inet' && table === 'filter' && name === 'INPUT'

/** `inet filter input` */
export const chainText = ({ family, table, name }: Pick<InputChain, 'family' | 'table' | 'name'>): string =>
  `${family} ${table} ${name}`

/** Tells all that the rule does, so that another one has another comment. */
export const ruleComment = (opening: Opening): string => `bringup: ${openingText(opening)}`

export const insertRule = (chain: string, opening: Opening): string =>
  `insert rule ${chain} ${isIpv6(opening) ? 'ip6' : 'ip'} saddr ${opening.from} ${opening.protocol} dport ${opening.ports} accept comment "${ruleComment(opening)}"`

/** The rules that a chain is to have; a chain of one family sees nothing of the other. */
export const rulesFor = (
  chain: Pick<InputChain, 'family' | 'table' | 'name'>,
  openings: readonly Opening[],
): Opening[] =>
  openings.filter((opening) => chain.family === 'inet' || (chain.family === 'ip6') === isIpv6(opening))
