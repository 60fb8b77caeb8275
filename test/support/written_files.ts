import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../../scripts/lab/raise.ts'

const MARK = '/run/written-since'

/** From now on, what is written on the nodes is looked at by {@link leakedOnNode}. */
export async function markTime(lab: Lab): Promise<void> {
  for (const { name } of lab.nodes) await lab.exec(name, `touch ${MARK}; sleep 0.02`)
}

/** Files of a node that were written since, and the system's journal as well, where they hold a needle. */
export async function leakedOnNode(lab: Lab, node: string, needles: readonly string[]): Promise<string[]> {
  const script = `cat >/run/needles
find / /run /tmp /dev/shm -xdev -type f -newer ${MARK} ! -path '/run/needles' ! -path '/run/written' -print0 >/run/written
xargs -0 -a /run/written grep -laF -f /run/needles --
journalctl --sync
journalctl --boot --all --output export --no-pager | grep -qaF -f /run/needles && echo the journal
tr -cd '\\0' </run/written | wc -c
rm /run/needles /run/written`
  const { stdout, stderr } = await lab.exec(node, script, { input: `${needles.join('\n')}\n` })
  const lines = stdout.trim().split('\n')
  // A search that looked at nothing proves nothing.
  if (!(Number(lines.pop()) > 0)) throw new Error(`nothing was searched on ${node}: ${stderr}`)
  return [...new Set(lines)]
}

/** Files below a directory that hold a needle; with their names, since those could too. */
export function leakedBelow(
  directory: string,
  needles: readonly string[],
  except: readonly string[],
): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ path }) => !except.some((name) => path === join(directory, name)))
    .filter(({ entry, path }) =>
      holds(entry.isFile() ? `${path}\n${readFileSync(path, 'latin1')}` : path, needles),
    )
    .map(({ path }) => path.slice(directory.length + 1))
}

/** The needles that stand in a text. */
export const found = (text: string, needles: readonly string[]): string[] =>
  needles.filter((needle) => text.includes(needle))

const holds = (text: string, needles: readonly string[]): boolean =>
  needles.some((needle) => text.includes(Buffer.from(needle).toString('latin1')))
