import type { ClusterStatus } from '../../pacemaker/crm_mon.ts'
import { activeOn } from './services.ts'

/** What is left to happen until a node takes part again, in words: it may run everything, and nothing is under way there. */
export function notReturned(status: ClusterStatus, node: string): string[] {
  if (status.dc === undefined) return ['the cluster has no DC']
  const self = status.nodes.find(({ name }) => name === node)
  if (self === undefined || !self.online) return [`${node} is offline`]
  const states = { pending: 'joining', unclean: 'unclean', standby: 'in standby' } as const
  const said = Object.entries(states).flatMap(([state, word]) =>
    self[state as keyof typeof states] ? [`${node} is ${word}`] : [],
  )
  const busy = activeOn(status, node).flatMap(({ id, pending, failed, blocked }) => {
    if (blocked) return [`${id} is blocked on ${node}`]
    if (failed) return [`${id} has failed on ${node}`]
    return pending === undefined || pending === 'Monitoring'
      ? []
      : [`${id} is ${pending.toLowerCase()} on ${node}`]
  })
  return [...said, ...busy]
}
