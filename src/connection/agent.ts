import agents from 'ssh2/lib/agent.js'
import type { BaseAgent, ParsedKey } from 'ssh2'

/** An agent's keys, those only that `wanted` says, at most `most`. Empty where the agent does not answer. */
export async function agentKeys(
  socket: string,
  wanted: (key: string) => boolean,
  most: number,
): Promise<ParsedKey[]> {
  const agent = new agents.OpenSSHAgent(socket)
  const keys = await new Promise<ParsedKey[]>((resolve) =>
    agent.getIdentities((error, found) => resolve(error ? [] : ((found ?? []) as ParsedKey[]))),
  )
  return keys.filter((key) => wanted(key.getPublicSSH().toString('base64'))).slice(0, most)
}

/** The agent with these of its keys: sshd ends a login after six keys that it does not know (MaxAuthTries). */
export function agentWith(socket: string, keys: ParsedKey[]): BaseAgent {
  const agent = new agents.OpenSSHAgent(socket)
  agent.getIdentities = (callback) => callback(null, keys)
  return agent
}
