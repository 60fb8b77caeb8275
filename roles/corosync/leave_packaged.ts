import type { Node } from 'bringup'
import { daemonsUp } from '../../src/cluster/units_up.ts'
import { CIB } from './paths.ts'

const FILES = 'find "$1" -mindepth 1 2>/dev/null | wc -l; :'

// Pacemaker takes the newest CIB of all nodes that join, and this one is of no cluster that is wanted.
const LEAVE = `
systemctl stop pacemaker corosync || exit
[ -n "$(find "$1" -mindepth 1 2>/dev/null)" ] || exit 0
aside=$1.before-$(date +%Y%m%dT%H%M%S)
mkdir -m 0700 "$aside" && find "$1" -mindepth 1 -maxdepth 1 -exec mv {} "$aside" \\;`

/** Ends the cluster of one that a distribution's package runs. What a Pacemaker has had there is kept beside. */
export async function leavePackaged<V>(node: Node<V>): Promise<void> {
  await node.task("nothing of another cluster, as that of one of the distribution's package", {
    met: async ({ $ }) => {
      const [running, { stdout: files }] = await Promise.all([
        daemonsUp($.read),
        $.read`sh -c ${FILES} sh ${CIB}`,
      ])
      const todo = [
        ...(running.length > 0 ? [`stop ${running.join(' and ')}`] : []),
        ...(files.trim() === '0' ? [] : [`move ${CIB} aside`]),
      ]
      return todo.length === 0 || todo.join('; ')
    },
    apply: ({ $ }) => $({ unbroken: true })`sh -c ${LEAVE} sh ${CIB}`,
  })
}
