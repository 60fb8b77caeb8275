import type { Node, Nodes } from 'bringup'
import { changesOf } from '../../src/pacemaker/corosync/changes.ts'
import { cmapOf } from '../../src/pacemaker/corosync/cmap.ts'
import type { Section } from '../../src/pacemaker/corosync/conf.ts'
import type { CorosyncVersion } from '../../src/pacemaker/corosync/version.ts'
import { KEY, KEY_STAMP, RESTART_STAMP } from './paths.ts'
import type { CorosyncVars } from './vars.ts'
import { readCmap } from './view.ts'

/** What a node is to run with. */
export interface Target {
  readonly version: CorosyncVersion
  conf(node: string): Section
  /** Whether the key is of any use. */
  readonly isEncrypted: boolean
  /** In check mode nothing is waited for. */
  readonly check: boolean
}

/** Seconds that the others may take to read their files too. */
const FOLLOW = 30

/**
 * Has all that run read their file and key again, which one of them is told.
 * @param inTurn names of those that need a restart besides
 */
export async function reloadAll(
  running: Nodes<CorosyncVars>,
  inTurn: readonly string[],
  target: Target,
): Promise<void> {
  // What it would not put into effect, it would put into its map all the same.
  await running.where(({ name }) => inTurn.includes(name)).each((node) => stamp(node, RESTART_STAMP, 'due'))
  let isDone = false
  await running.first.task('corosync reads its file and key again', {
    met: async () => isDone || 'corosync-cfgtool -R, which is for all nodes',
    apply: async ({ $ }) => {
      await $({ unbroken: true })`corosync-cfgtool -R`
      isDone = true
    },
  })
  if (target.check) return
  await running.each(async (node) => {
    await node.wait_for({
      condition: async (context) => {
        const left = changesOf(
          cmapOf(target.conf(node.name)),
          (await readCmap(context)) ?? new Map(),
          target.version,
        )
        const due = left.filter(({ effort }) => effort === 'reload')
        return due.length === 0 || due.map(({ text }) => text).join('; ')
      },
      description: 'corosync has taken them over',
      timeout: FOLLOW,
    })
    if (target.isEncrypted) await stamp(node, KEY_STAMP, await digestOfKey(node))
  })
}

async function digestOfKey<V>(node: Node<V>): Promise<string> {
  const { stdout } = await node.$.read`sha256sum ${KEY}`
  return stdout.slice(0, 64)
}

/** Puts something into the map of a running corosync, which keeps it until its end. */
async function stamp<V>(node: Node<V>, key: string, value: string): Promise<void> {
  await node.task(`corosync told: ${key}`, {
    met: async (context) => (await readCmap(context))?.get(key) === value || 'for the next run to know',
    apply: ({ $ }) => $`corosync-cmapctl -s ${key} str ${value}`,
  })
}
