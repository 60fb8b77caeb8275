import { settleAll } from '../run/group.ts'
import { quote } from '../shell/quote.ts'
import { onHosts } from './on_hosts.ts'
import type { HostsArguments } from './on_hosts.ts'

/**
 * `bringup exec -- CMD ARG…`: runs one command on the chosen hosts at once, each line of output behind its host's name.
 * @returns 2 where it failed on a host
 */
export async function execCommand(command: readonly string[], options: HostsArguments): Promise<number> {
  return onHosts(options, async (sessions, signal) => {
    const width = Math.max(0, ...sessions.map(({ host }) => host.name.length))
    const results = await settleAll(sessions, options.forks, async ({ host, remote, egress }) => {
      const { stdout, stderr, code } = await remote.run(command.map(quote).join(' '), {
        signal,
        env: { ...egress?.env },
      })
      const say = (text: string, to: NodeJS.WriteStream): void => {
        if (text === '') return
        for (const line of text.replace(/\n$/, '').split('\n'))
          to.write(`${host.name.padEnd(width)}  ${line}\n`)
      }
      say(stdout.toString('utf8'), process.stdout)
      say(stderr.toString('utf8'), process.stderr)
      if (code !== 0) say(`exit ${code}`, process.stderr)
      return code
    })
    const failure = results.find((result) => result.status === 'rejected')
    if (failure !== undefined) throw failure.reason
    return results.every((result) => result.status === 'fulfilled' && result.value === 0) ? 0 : 2
  })
}
