import fc from 'fast-check'

/** What YAML holds; a text that begins with `!` is a tag and its value. */
export type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree }

const words = [
  'all', 'cluster', 'clutser', 'server1', 'server9', 'server[1:3]', 'server[9:1]', 'observer', 'clients', 'hosts', 'children', 'vars', 'roles',
  'role', 'greet', 'gret', 'serial', 'tags', 'name', 'import_playbook', 'play.yml', 'other.yml', 'greeting', 'greting', 'people', 'host', 'port',
  'ansible_host', 'ansible_port', 'ansible_prot', 'become', 'password', 'jump', 'egress', 'connection', 'local', 'any_errors_fatal', 'tasks',
  '10.0.0.9', '50%', '0%', '{{ x }}', '', ' ', 'a b', 'a,b', '*', 'all:!cluster', '~x', '[0]', '__proto__', 'constructor', 'toString', '<<', 'never',
  '!env ROOT_PASSWORD', '!env NONE', '!file nothing', '!prompt Who?', '!age x', '!vault x', '!unsafe {{ x }}', '\0', 'é', '\u{1F600}', '\n',
] as const // prettier-ignore

const scalar: fc.Arbitrary<Tree> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Tree>(...words) },
  fc.constantFrom<Tree>(null, true, false, 0, 1, -1, 22, 65_536, 1.5, 1e21),
  fc.string({ maxLength: 8 }),
)
const value: fc.Arbitrary<Tree> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom(...words), scalar, { maxKeys: 3 }) as fc.Arbitrary<Tree>,
)

const edit = fc.record({
  /** Which of all its places. */
  at: fc.nat(),
  how: fc.constantFrom('replace', 'replace', 'rename', 'remove', 'wrap', 'double', 'move', 'add'),
  by: value,
  key: fc.constantFrom(...words),
  from: fc.nat(),
})
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

/** A right tree in which some places hold something else, are called otherwise, or are gone: as YAML that parses. */
export const rebuilt = (right: Tree): fc.Arbitrary<string> =>
  fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) => yamlOf(edits.reduce((tree, one) => edited(tree, one), right)))

/** As JSON, which is YAML, but with its tags. */
export const yamlOf = (tree: Tree): string => {
  if (typeof tree === 'string') {
    const [, tag, text = ''] = /^(![a-z]+) (.*)$/s.exec(tree) ?? []
    return tag === undefined ? JSON.stringify(tree) : `${tag} ${JSON.stringify(text)}`
  }
  if (Array.isArray(tree)) return `[${tree.map(yamlOf).join(', ')}]`
  if (tree === null || typeof tree !== 'object') return String(tree)
  return `{ ${Object.entries(tree)
    .map(([key, part]) => `${JSON.stringify(key)}: ${yamlOf(part)}`)
    .join(', ')} }`
}

type Path = readonly (string | number)[]

function edited(tree: Tree, { at, how, by, key, from }: Edit): Tree {
  const places = pathsOf(tree)
  const path = places[at % places.length] ?? []
  if (path.length === 0) return how === 'wrap' ? [tree] : tree
  const last = path.at(-1) ?? 0
  return within(tree, path.slice(0, -1), (parent) => {
    const here = (parent as Record<string, Tree>)[last] ?? null
    const other = valueAt(tree, places[from % places.length] ?? [])
    if (Array.isArray(parent)) {
      const index = Number(last)
      const items: Record<Edit['how'], Tree[]> = {
        replace: [by],
        rename: [{ [key]: here }],
        remove: [],
        wrap: [[here]],
        double: [here, here],
        move: [other],
        add: [here, by],
      }
      return [...parent.slice(0, index), ...items[how], ...parent.slice(index + 1)]
    }
    const entries: Record<Edit['how'], [string, Tree][]> = {
      replace: [[String(last), by]],
      rename: [[key, here]],
      remove: [],
      wrap: [[String(last), { [key]: here }]],
      double: [[String(last), [here, here]]],
      move: [[String(last), other]],
      add: [[String(last), here], [key, by]],
    } // prettier-ignore
    return Object.fromEntries(
      Object.entries(parent as Record<string, Tree>).flatMap(([name, part]): [string, Tree][] =>
        name === last ? entries[how] : [[name, part]],
      ),
    )
  })
}

function pathsOf(tree: Tree, path: Path = []): Path[] {
  if (tree === null || typeof tree !== 'object') return [path]
  const parts: [string | number, Tree][] = Array.isArray(tree) ? [...tree.entries()] : Object.entries(tree)
  return [path, ...parts.flatMap(([key, part]) => pathsOf(part, [...path, key]))]
}

function within(tree: Tree, [key, ...rest]: Path, change: (parent: Tree) => Tree): Tree {
  if (key === undefined) return change(tree)
  if (Array.isArray(tree))
    return tree.map((item, index) => (index === key ? within(item, rest, change) : item))
  return Object.fromEntries(
    Object.entries(tree as Record<string, Tree>).map(([name, part]) => [
      name,
      name === key ? within(part, rest, change) : part,
    ]),
  )
}

const valueAt = (tree: Tree, path: Path): Tree =>
  path.reduce<Tree>((value, key) => (value as Record<string, Tree>)[key] ?? null, tree)
