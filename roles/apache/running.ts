import type { Node } from 'bringup'
import { placesOf } from './places.ts'

const PID = 'pid=$(cat "$1") && [ "$(cat "/proc/$pid/comm")" = "$2" ] && echo "$pid"'

/** The process that Apache's PidFile names; null where it is not there, or is another program's. */
export async function runningPid<V>(node: Node<V>): Promise<string | null> {
  const { pidFile, name } = placesOf(node.facts)
  const { exitCode, stdout } = await node.$.read({ nothrow: true })`sh -c ${PID} sh ${pidFile} ${name}`
  return exitCode === 0 ? stdout.trim() : null
}
