import { isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { Scalar } from 'yaml'
import { createProblems } from '../problems.ts'
import { readYaml } from '../yaml/read_yaml.ts'

/** One value tagged `!age` in the text of a YAML file. */
export interface AgeValue {
  /** `a.b.0`: where it is in the data. */
  readonly path: string
  /** What is behind the tag: an armored file, or (while it is edited) the value itself. */
  readonly text: string
  /** From the tag's first character to the end of the value, without the line end of a block. */
  readonly start: number
  readonly end: number
  readonly line: number
  /** Inside `{ }` or `[ ]`, or with a comment behind it: where a block can not be. */
  readonly inline: boolean
  /** An anchor that stands between the tag and the value, with a space behind it; else nothing. */
  readonly anchor: string
  /** How far the line that holds the tag is indented. */
  readonly indent: number
}

/**
 * Finds every `!age` value in the text of a YAML file.
 * @throws BringupErrors YAML_SYNTAX
 */
export function ageValues(text: string, file: string): AgeValue[] {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    uniqueKeys: false,
  })
  if (document.errors.length > 0) refuse(text, file)
  const found: AgeValue[] = []
  visit(document, {
    Scalar(key, node, ancestors) {
      if (node.tag !== '!age' || !node.range || key === 'key') return
      const start = text.lastIndexOf('!age', node.range[0])
      const value = text.slice(start, node.range[1])
      const lineStart = text.lastIndexOf('\n', start - 1) + 1
      found.push({
        path: pathOf([...ancestors, node]),
        text: String(node.value),
        start,
        end: start + value.trimEnd().length,
        line: lines.linePos(start).line,
        inline: ancestors.some(isFlow) || /^[ \t]*\S/.test(text.slice(start + value.trimEnd().length)),
        anchor: /&\S+ /.exec(text.slice(start, node.range[0]))?.[0] ?? '',
        indent: /^[ -]*/.exec(text.slice(lineStart))![0].length,
      })
    },
  })
  return found
}

const isFlow = (node: unknown): boolean =>
  typeof node === 'object' && node !== null && 'flow' in node && node.flow === true

/** Says what is wrong in the words that all other commands use. */
function refuse(text: string, file: string): never {
  const problems = createProblems()
  readYaml({ text, file, directory: '/' }, problems)
  problems.throwIfAny()
  throw new TypeError(`${file}: the parser found an error that can not be shown`)
}

function pathOf(nodes: readonly unknown[]): string {
  const steps: string[] = []
  for (const [index, node] of nodes.entries()) {
    const next = nodes[index + 1]
    if (typeof node !== 'object' || node === null) continue
    if ('key' in node && isScalar(node.key)) steps.push(String((node.key as Scalar).value))
    else if ('items' in node && Array.isArray(node.items) && isSequence(node.items, next))
      steps.push(String(node.items.indexOf(next)))
  }
  return steps.join('.')
}

const isSequence = (items: readonly unknown[], next: unknown): boolean =>
  items.includes(next) && !(typeof next === 'object' && next !== null && 'key' in next)

/** Puts something else in the places of values; given from first to last. */
export function replaceValues(text: string, changes: readonly { at: AgeValue; by: string }[]): string {
  let result = ''
  let done = 0
  for (const { at, by } of changes) {
    result += text.slice(done, at.start) + by
    done = at.end
  }
  return result + text.slice(done)
}
