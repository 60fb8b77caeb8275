import { operation, z } from 'bringup'
import type { Change, Node } from 'bringup'
import { output } from '../../src/operations/host_script.ts'
import { chainText, insertRule, parseInputChains, ruleComment, rulesFor } from './nft_rules.ts'
import type { InputChain } from './nft_rules.ts'
import { openingText } from './openings.ts'
import type { Opening } from './openings.ts'
import type { FirewallVars } from './vars.ts'

const params = z.strictObject({
  openings: z.custom<readonly Opening[]>(),
  chains: z.array(z.string()).readonly().describe('Those to insert rules into: inet filter input'),
})

/** Rules at the head of chains of nftables, as they are in the kernel now. Nothing is ever taken away. */
const nftablesOpenings = operation('nftables', {
  params,
  subject: ({ chains }) => chains.join(', '),
  async read(context): Promise<readonly InputChain[]> {
    const json = await output(context, 'look at the rules of nftables', 'nft -j list ruleset', [])
    return parseInputChains(json.toString())
  },
  plan: (now, want): Change[] =>
    missing(now, want).map(({ chain, opening }) => ({
      summary: `accept ${openingText(opening)} in ${chainText(chain)}`,
    })),
  async apply({ $ }, _changes, want, now) {
    const rules = missing(now, want).map(({ chain, opening }) => insertRule(chainText(chain), opening))
    // All or nothing: nft(8), -f.
    await $({ input: `${rules.join('\n')}\n` })`nft -f -`
  },
  after: (now, want) =>
    now.map((chain) => ({
      ...chain,
      comments: [
        ...chain.comments,
        ...missing(now, want)
          .filter((one) => one.chain === chain)
          .map(({ opening }) => ruleComment(opening)),
      ],
    })),
})

function missing(
  now: readonly InputChain[],
  { openings, chains }: z.output<typeof params>,
): { chain: InputChain; opening: Opening }[] {
  return now
    .filter((chain) => chains.includes(chainText(chain)))
    .flatMap((chain) =>
      rulesFor(chain, openings)
        .filter((opening) => !chain.comments.includes(ruleComment(opening)))
        .map((opening) => ({ chain, opening })),
    )
}

const BLOCK = 'cluster'

/**
 * The same rules in the file that is loaded at boot, and in the kernel. The file is looked through before it is replaced,
 * as the boot would load it: one that nft does not take would leave the node without a firewall.
 */
export async function openNftables(
  node: Node<FirewallVars>,
  { file, chains, openings }: { file: string; chains: readonly InputChain[]; openings: readonly Opening[] },
): Promise<void> {
  const kept = linesOf((await node.readText(file)) ?? '')
  const lines = chains.flatMap((chain) =>
    rulesFor(chain, openings).map((opening) => insertRule(chainText(chain), opening)),
  )
  await node.block({
    path: file,
    name: BLOCK,
    // With --limit not all nodes are here, and the others must not be shut out.
    content: [...new Set([...kept, ...lines])].join('\n'),
    validate: (temporary) => ['sh', '-c', CHECK, 'sh', temporary],
  })
  await node.do(nftablesOpenings, { openings, chains: chains.map(chainText) })
}

const CHECK = `{ echo 'flush ruleset'; cat "$1"; } | nft -c -f -`

function linesOf(text: string): string[] {
  const [, inside = ''] =
    new RegExp(`^# BEGIN bringup ${BLOCK}\\n([^]*?)^# END bringup ${BLOCK}$`, 'm').exec(text) ?? []
  return inside.split('\n').filter((line) => line !== '')
}
