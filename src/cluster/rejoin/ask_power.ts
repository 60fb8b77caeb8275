import { runScript } from '../../operations/host_script.ts'
import type { ReadContext } from '../../operations/operation.ts'
import type { Seconds } from '../../connection/remote.ts'
import { parseXml } from '../../pacemaker/xml.ts'
import { powerQuestions, powerState } from './power.ts'
import type { PowerAnswer } from './power.ts'

/** A device that is off the network is found out by its agent only after its own timeouts. */
const LIMIT: Seconds = 40

/**
 * Has a host ask the fence devices that name a node for its power; nothing is switched. What the devices are logged in
 * with goes from the CIB to the agents' standard input, and nowhere else.
 */
export async function askPower(
  { host, remote, signal }: Pick<ReadContext, 'host' | 'remote' | 'signal'>,
  node: string,
): Promise<PowerAnswer[]> {
  const { code, stdout } = await runScript({ remote }, 'cibadmin --query', [], { signal })
  if (code !== 0) return []
  const questions = powerQuestions(parseXml(stdout.toString(), 'cibadmin --query'), node)
  return await Promise.all(
    questions.map(async ({ device, agent, input }): Promise<PowerAnswer> => {
      const script = 'timeout "$1" "$2"'
      const answer = await runScript({ remote }, script, [String(LIMIT), agent], { stdin: input, signal })
      const state = powerState(answer.code)
      const said = state === 'unknown' ? answer.stderr.toString().trim().split('\n').at(-1) : ''
      return { device, asked: host, state, said: said ?? '' }
    }),
  )
}
