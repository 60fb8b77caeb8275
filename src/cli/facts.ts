import { onHosts } from './on_hosts.ts'
import type { HostsArguments } from './on_hosts.ts'

/**
 * `bringup facts`: what is known of each host, as YAML for people or JSON for programs. With it, where it has the controller's
 * way out, what that leads to.
 */
export async function factsCommand(options: HostsArguments & { output: 'text' | 'json' }): Promise<number> {
  return onHosts(options, async (sessions) => {
    const facts = Object.fromEntries(
      sessions.map(({ host, facts: known, egress }) => [
        host.name,
        egress === null ? known : { ...known, egress: egress.allowed },
      ]),
    )
    if (options.output === 'json') process.stdout.write(`${JSON.stringify(facts)}\n`)
    else {
      const { stringify } = await import('yaml')
      process.stdout.write(stringify(facts))
    }
    return 0
  })
}
