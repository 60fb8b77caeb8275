import { role } from './cib/meaning.ts'

/** One thing that the cluster would do. */
export type PlannedAction =
  | {
      kind: 'start' | 'stop' | 'restart' | 'reload' | 'recover' | 'demote' | 'promote'
      resource: string
      node: string
      role?: string
      reason?: string
    }
  | { kind: 'move' | 'migrate' | 'recover'; resource: string; from: string; to: string; reason?: string }
  | { kind: 'fence'; node: string; action: string; reason?: string }
  | { kind: 'other'; text: string }

/**
 * Reads the "Transition Summary" of `crm_simulate --simulate`, whose lines are alike from pacemaker 1.1 to 3.0:
 * ` * Move       web     ( server1 -> server2 )  due to …`. What is not understood is kept as it stands, never dropped:
 * a preview must not be silent about a step.
 */
export function parseSimulation(stdout: string): PlannedAction[] {
  const section =
    /^Transition Summary:\s*$([\s\S]*?)(?=^(?:Executing [Cc]luster [Tt]ransition|Revised [Cc]luster [Ss]tatus):|(?![\s\S]))/m.exec(
      stdout,
    )
  if (section === null) return []
  return (section[1] ?? '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*\s*/, '').trim())
    .filter((line) => line !== '')
    .map(parseLine)
}

function parseLine(line: string): PlannedAction {
  const fence = /^Fence \((\w+)\) (\S+)(?: '(.*)')?/.exec(line)
  if (fence) return { kind: 'fence', action: fence[1]!, node: fence[2]!, ...reasonOf(fence[3]) }
  const found = /^(\w+)\s+(\S+)\s+\(\s*(.*?)\s*\)(?:\s+(?:due to )?(.*?))?\s*$/.exec(line)
  if (!found) return { kind: 'other', text: line }
  const [, verb = '', instance = '', where = '', because] = found
  const resource = instance.replace(/:\d+$/, '')
  const reason = reasonOf(because?.trim())
  const [left = '', right] = where.split('->').map((side) => side.trim())
  const from = placeOf(left)
  switch (verb) {
    case 'Move':
    case 'Migrate':
    case 'Recover': {
      const kind = verb.toLowerCase() as 'move' | 'migrate' | 'recover'
      if (right !== undefined) return { kind, resource, from: from.node, to: placeOf(right).node, ...reason }
      return kind === 'recover'
        ? { kind, resource, node: from.node, ...reason }
        : { kind: 'other', text: line }
    }
    case 'Promote':
    case 'Demote': {
      // `Slave -> Master server1`, or from another node's role: the node stands at the end.
      const node = placeOf(right ?? left).node
      return { kind: verb === 'Promote' ? 'promote' : 'demote', resource, node, ...reason }
    }
    case 'Start':
    case 'Stop':
    case 'Restart':
    case 'Reload': {
      if (right !== undefined) break
      const kind = verb.toLowerCase() as 'start'
      const known = from.role === undefined ? {} : { role: from.role }
      return { kind, resource, node: from.node, ...known, ...reason }
    }
  }
  return { kind: 'other', text: line }
}

/** `server1`, `Slave server1`. */
function placeOf(text: string): { node: string; role: string | undefined } {
  const words = text.split(/\s+/)
  const first = words.length > 1 ? role(words[0]) : undefined
  return { node: words.at(-1) ?? '', role: first }
}

function reasonOf(text: string | undefined): { reason?: string } {
  return text === undefined || text === '' ? {} : { reason: text }
}

/** `would start vip on server1`, `would move web from server1 to server2`, `would fence server2 (reboot)`. */
export function actionText(action: PlannedAction): string {
  const because = 'reason' in action ? `, because of: ${action.reason}` : ''
  switch (action.kind) {
    case 'move':
      return `would move ${action.resource} from ${action.from} to ${action.to}${because}`
    case 'migrate':
      return `would migrate ${action.resource} live from ${action.from} to ${action.to}${because}`
    case 'recover':
      return 'to' in action
        ? `would recover ${action.resource} of ${action.from} on ${action.to}${because}`
        : `would recover ${action.resource} on ${action.node}${because}`
    case 'fence':
      return `would fence ${action.node} (${action.action})${because}`
    case 'other':
      return `would do: ${action.text}`
    default:
      return `would ${action.kind} ${action.resource} on ${action.node}${because}`
  }
}
