import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Alias, Pair, ParsedNode, Scalar, YAMLMap } from 'yaml'
import type { Place } from '../errors.ts'
import { didYouMean } from '../nearest.ts'
import type { Problems } from '../problems.ts'
import { describeScalar, quoted } from './located.ts'
import type { Entry, Located, LocatedMap, LocatedScalar } from './located.ts'
import { secretTag, secretTags } from './secret_tags.ts'

const DEEPEST = 64
/** Values in one document, each alias counted as all that it stands for. */
const MOST_VALUES = 1_000_000

export interface ConvertContext {
  at(offset: number): Place
  readonly directory: string
  readonly problems: Problems
}

interface Anchored {
  value: Located
  size: number
}

/** Turns the parser's tree into {@link Located} data; what has no place in our YAML is added to the problems. */
export function convert(root: ParsedNode, context: ConvertContext): Located {
  const { problems } = context
  const anchors = new Map<string, Anchored | 'open'>()
  let values = 0
  let full = false

  const wrong = (at: Place, message: string, remedy: string): Located => {
    problems.add('YAML_SYNTAX', message, { at, remedy })
    return { kind: 'scalar', value: null, literal: false, at }
  }

  function visit(node: ParsedNode | null, depth: number, near: Place): Located {
    const at = node?.range ? context.at(node.range[0]) : near
    if (node === null) return { kind: 'scalar', value: null, literal: false, at }
    if (depth > DEEPEST) return wrong(at, `nested more than ${DEEPEST} levels deep`, 'Take out some levels.')
    if (isAlias(node)) return follow(node, at)
    const { anchor } = node
    if (anchor !== undefined) anchors.set(anchor, 'open')
    const before = values
    values += 1
    const value = content(node, depth, at)
    if (anchor !== undefined) anchors.set(anchor, { value, size: values - before })
    return value
  }

  function follow(alias: Alias, at: Place): Located {
    const name = alias.source
    const target = anchors.get(name)
    if (target === undefined)
      return wrong(
        at,
        `*${name} stands for nothing: no &${name} before it${didYouMean(name, anchors.keys())}`,
        `Put &${name} before the value that is meant.`,
      )
    if (target === 'open')
      return wrong(at, `*${name} is inside the value that it stands for`, 'Write the value out instead.')
    return tooMany(target.size, at) ?? target.value
  }

  /** Counts values that stand here and are written elsewhere; what is wrong once there are too many of them. */
  function tooMany(more: number, at: Place): Located | null {
    if (full) return { kind: 'scalar', value: null, literal: false, at }
    values += more
    full = values > MOST_VALUES
    return full
      ? wrong(
          at,
          `with this alias the document has more than ${MOST_VALUES.toLocaleString('en')} values`,
          'Write out what is needed instead of aliases of aliases.',
        )
      : null
  }

  function content(node: Exclude<ParsedNode, Alias.Parsed>, depth: number, at: Place): Located {
    const tag = node.tag
    if (tag !== undefined && secretTags.includes(tag)) return secretTag(tag, node, at, context)
    if (tag !== undefined && !plainTags.has(tag)) return wrong(at, ...unknownTag(tag))
    if (isMap(node)) return map(node, depth, at)
    if (isSeq(node)) {
      const items = node.items.map((item) => visit(item as ParsedNode | null, depth + 1, at))
      return { kind: 'list', items, at }
    }
    return scalar(node, at)
  }

  function scalar(node: Scalar, at: Place): Located {
    const { value, source = '' } = node
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
      return wrong(at, `the number ${source} is too large to be kept exactly`, 'Put it into quotes.')
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value))
      return wrong(at, `a value of a kind that is not used here: ${quoted(source)}`, 'Put it into quotes.')
    return {
      kind: 'scalar',
      value: value as LocatedScalar['value'],
      literal: node.tag === '!unsafe',
      at,
    }
  }

  function map(node: YAMLMap, depth: number, at: Place): LocatedMap {
    const entries = new Map<string, Entry>()
    const merged: Located[] = []
    for (const pair of node.items as Pair<ParsedNode, ParsedNode | null>[]) {
      const key = keyOf(pair.key, at)
      const value = visit(pair.value, depth + 1, key.at)
      if (key.merges) merged.push(value)
      else if (key.name !== null && !repeated(entries, key.name, key.at))
        entries.set(key.name, { key: key.at, value })
    }
    for (const value of merged) mergeInto(entries, value, at)
    return { kind: 'map', entries, at }
  }

  function repeated(entries: ReadonlyMap<string, Entry>, name: string, at: Place): boolean {
    const first = entries.get(name)
    if (first === undefined) return false
    wrong(
      at,
      `the key ${quoted(name)} is here a second time`,
      `Keep one; the first is in line ${first.key.line}.`,
    )
    return true
  }

  function keyOf(key: ParsedNode | null, near: Place): { name: string | null; merges: boolean; at: Place } {
    const at = key?.range ? context.at(key.range[0]) : near
    const bad = (message: string, remedy: string): { name: null; merges: false; at: Place } => {
      wrong(at, message, remedy)
      return { name: null, merges: false, at }
    }
    if (key === null || !isScalar(key) || key.tag !== undefined)
      return bad(
        'a key that is not text',
        'Use plain text as the key; for a value in braces, put it into quotes.',
      )
    if (typeof key.value !== 'string') {
      const seen = key.value as number | boolean | null
      if (seen === null) return bad('a key that is empty', 'Write a name before the ":".')
      return bad(`a key that is not text but ${describeScalar(seen)}`, `Put it into quotes: "${key.source}".`)
    }
    if (key.value === '__proto__')
      return bad('a key that is not allowed: "__proto__"', 'Choose another name.')
    if (key.anchor !== undefined) anchors.set(key.anchor, { value: scalar(key, at), size: 1 })
    return { name: key.value, merges: key.value === '<<' && key.type === 'PLAIN', at }
  }

  /** YAML 1.1's merge key: what the map itself says wins, then the earlier of the merged maps. */
  function mergeInto(entries: Map<string, Entry>, value: Located, at: Place): void {
    const sources = value.kind === 'list' ? value.items : [value]
    for (const source of sources) {
      if (source.kind !== 'map') {
        wrong(source.at, '"<<" takes a map, or a list of maps', 'Write an alias of a map: "<<: *name".')
        continue
      }
      // A merged map may itself have most of its entries from others.
      if (tooMany(source.entries.size, at) !== null) return
      for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry)
    }
  }

  return visit(root, 0, context.at(0))
}

const core = 'tag:yaml.org,2002:'
const plainTags = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => core + name).concat('!', '!unsafe'),
)

function unknownTag(tag: string): [message: string, remedy: string] {
  if (tag === '!vault')
    return [
      'a value encrypted by ansible-vault, which bringup can not read',
      'Take the secret from elsewhere (!env, !file, !prompt), or encrypt it with `bringup secrets encrypt` (!age).',
    ]
  return [
    `the tag ${tag} is not known${didYouMean(tag, secretTags)}`,
    `Tags are for secrets: ${secretTags.join(', ')}; !unsafe is for text with {{ }} in it.`,
  ]
}
