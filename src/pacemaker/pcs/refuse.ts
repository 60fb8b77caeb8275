import { BringupError } from '../../errors.ts'

/** @throws BringupError REFUSED: this pcs has no words for what is wanted */
export function cannot(version: string, what: string, remedy: string): never {
  throw new BringupError('REFUSED', `pcs ${version} cannot ${what}`, { remedy })
}

/** `name=value` pairs in the order given. */
export function pairs(options: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
}

/** Nodes as pcs takes them: `--all`, nothing for this node, or names. */
export function chosen(nodes: 'all' | 'local' | readonly string[]): readonly string[] {
  if (nodes === 'all') return ['--all']
  return nodes === 'local' ? [] : nodes
}

export function waiting(seconds: number | undefined): string[] {
  return seconds === undefined ? [] : [`--wait=${seconds}`]
}
