import { readSets } from '../../pacemaker/cib/attribute_set.ts'
import { allResources } from '../../pacemaker/cib/resource_tree.ts'
import { child } from '../../pacemaker/xml.ts'
import type { XmlElement } from '../../pacemaker/xml.ts'
import { Secret } from '../../secret.ts'

/** What one fence device says about a node's power. */
export interface PowerAnswer {
  readonly device: string
  /** The node that asked. */
  readonly asked: string
  readonly state: 'on' | 'off' | 'unknown'
  /** In words of the agent, where it could not tell. */
  readonly said: string
}

/** A fence agent's question, for its standard input. */
export interface PowerQuestion {
  readonly device: string
  /** The agent's program, as `fence_ipmilan`. */
  readonly agent: string
  /** Holds what the device is logged in with. */
  readonly input: Secret
}

/**
 * How to ask for a node's power: the fence devices of the CIB that name the node, with their own options, as Pacemaker's
 * fencer hands them over (FenceAgentAPI). Devices that leave it to be found out which nodes they fence are not asked.
 */
export function powerQuestions(cib: XmlElement, node: string): PowerQuestion[] {
  const resources = child(child(cib, 'configuration'), 'resources')
  if (resources === undefined) return []
  return allResources(resources).flatMap((device): PowerQuestion[] => {
    const { id = '', class: kind, type: agent = '' } = device.attributes
    if (kind !== 'stonith' || !/^fence_[\w-]+$/.test(agent)) return []
    const options = readSets(device, 'instance_attributes')
    const plug = plugOf(options, node)
    if (plug === undefined) return []
    const own = [...options].filter(([name]) => !name.startsWith('pcmk_') && name !== 'action')
    const plugOption = options.get('pcmk_host_argument') ?? 'port'
    const isSaid = own.some(([name]) => name === 'plug' || name === 'port') || plugOption === 'none'
    const lines = [...own, ['action', 'status'], ['nodename', node], ...(isSaid ? [] : [[plugOption, plug]])]
    const text = lines.map(([name, value]) => `${name}=${value}\n`).join('')
    return [{ device: id, agent, input: new Secret(text, `options of ${id}`) }]
  })
}

/** What the device calls a node; undefined where it does not name it. */
function plugOf(options: ReadonlyMap<string, string>, node: string): string | undefined {
  const map = (options.get('pcmk_host_map') ?? '').split(/[;\s]+/)
  for (const entry of map) {
    const [name, plug] = entry.split(':')
    if (name === node && plug !== undefined) return plug
  }
  const list = (options.get('pcmk_host_list') ?? '').split(/[,;\s]+/)
  return list.includes(node) ? node : undefined
}

/** Exit codes of a fence agent's `status`: 0 on, 2 off, anything else means that it cannot tell. */
export function powerState(exitCode: number): PowerAnswer['state'] {
  return exitCode === 0 ? 'on' : exitCode === 2 ? 'off' : 'unknown'
}
