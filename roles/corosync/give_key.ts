import type { Node, Nodes } from 'bringup'
import type { KeySource } from './keys.ts'
import { KEY } from './paths.ts'

// -l: from /dev/urandom; corosync 2 would wait for somebody to type. In its place at once, whole.
const MAKE = `
umask 077
rm -f "$1.new"
corosync-keygen -l -k "$1.new" >/dev/null && chmod 0400 "$1.new" && sync && mv -f "$1.new" "$1"`

/** One key on all nodes, readable by root. It goes from node to node through memory, and is written nowhere else. */
export async function giveKey<V>(
  nodes: Nodes<V>,
  peers: Nodes<V>,
  source: Exclude<KeySource, { do: 'refuse' }>,
): Promise<void> {
  const { first } = nodes
  if (source.do === 'make') await makeKey(first, source.instead)
  const from = source.do === 'make' ? first : [...nodes, ...peers].find(({ name }) => name === source.from)
  const key = (await from?.readSecret(KEY)) ?? null
  await nodes.each(async (node) => {
    if (key === null) return node.skip(`file ${KEY}`, `it is made on ${first.name} only when this runs`)
    await node.file({ path: KEY, content: key, mode: '0400', owner: 'root', group: 'root' })
  })
}

/** @param instead digest of the key that is replaced; null where none is there */
async function makeKey<V>(node: Node<V>, instead: string | null): Promise<void> {
  await node.task('a new authkey', {
    met: async ({ $ }) => {
      const { stdout } = await $.read({ nothrow: true })`sha256sum ${KEY}`
      const digest = /^[0-9a-f]{64}/.exec(stdout)?.[0] ?? null
      return digest !== instead || (instead === null ? 'make one' : 'replace the one that is there')
    },
    apply: ({ $ }) => $({ unbroken: true })`sh -c ${MAKE} sh ${KEY}`,
  })
}
