import { LineCounter, parseDocument } from 'yaml'
import type { Document, ParsedNode } from 'yaml'
import type { Place } from '../errors.ts'
import type { Problems } from '../problems.ts'
import { convert } from './convert.ts'
import type { Located } from './located.ts'
import { syntaxProblem, tabs } from './syntax_problem.ts'

/** After the first mistake a parser guesses; more than this tells nobody anything. */
const SHOWN_MISTAKES = 3
/** In characters. */
const MOST_INDENT = 1000

export interface YamlText {
  readonly text: string
  /** As people are to see it in errors. */
  readonly file: string
  /** Relative paths in `!file` start here. */
  readonly directory: string
  /** The text starts somewhere inside the file (or the argument) that it is from. */
  readonly start?: { line: number; column: number }
}

/**
 * Reads one YAML document, in YAML 1.2's core schema plus merge keys (`<<`) and the tags of secrets.
 * @returns null where the text holds nothing, or was wrong; what is wrong is added to `problems`
 */
export function readYaml(source: YamlText, problems: Problems): Located | null {
  const before = problems.count
  const lines = new LineCounter()
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    const start = source.start ?? { line: 1, column: 1 }
    const column = line <= 1 ? start.column - 1 + Math.max(col, 1) : col
    return { file: source.file, line: start.line - 1 + Math.max(line, 1), column }
  }
  const document = parse(source, lines, problems)
  if (document === null) return null
  const tooDeep = document.errors.find(({ message }) => isStackOverflow(message))
  const tab = tabBefore(source.text, document.errors[0]?.pos[0])
  if (tab !== null) problems.add('YAML_SYNTAX', tabs.message, { at: at(tab), remedy: tabs.remedy })
  const told = tab !== null ? [] : tooDeep !== undefined ? [tooDeep] : document.errors
  for (const error of told.slice(0, SHOWN_MISTAKES)) {
    const { message, remedy } = error === tooDeep ? deep : syntaxProblem(error)
    problems.add('YAML_SYNTAX', message, { at: at(error.pos[0]), remedy })
  }
  if (problems.count > before || document.errors.length > 0 || document.contents === null) return null
  const located = convert(document.contents, { at, directory: source.directory, problems })
  return problems.count > before ? null : located
}

/** Where a mistake's line is indented with a tab: the parser often calls it something else, and guesses from there on. */
function tabBefore(text: string, mistake: number | undefined): number | null {
  if (mistake === undefined) return null
  const begin = text.lastIndexOf('\n', mistake - 1) + 1
  const [indent = ''] = /^[ \t]*/.exec(text.slice(begin, begin + MOST_INDENT)) ?? []
  const tab = indent.indexOf('\t')
  return tab < 0 ? null : begin + tab
}

function parse(source: YamlText, lines: LineCounter, problems: Problems): Document.Parsed<ParsedNode> | null {
  try {
    // Keys are compared in `convert`, which knows both places; the parser's own comparison is quadratic.
    return parseDocument(source.text, {
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    })
  } catch (error) {
    const { message, remedy } = error instanceof RangeError ? deep : unreadable
    problems.add('YAML_SYNTAX', message, {
      at: { file: source.file, line: 1, column: 1 },
      remedy,
      cause: error,
    })
    return null
  }
}

const deep = { message: 'nested too deeply to be read', remedy: 'Check that this is the file you meant.' }
const unreadable = { message: 'not readable as YAML', remedy: 'Check that this is the file you meant.' }

/** The parser calls itself for each level: text like a million brackets ends its stack, which it tells as a mistake. */
const isStackOverflow = (message: string): boolean => /maximum call stack|stack overflow/i.test(message)
