const CONDITION = /^(%(?:el)?if[ \t]+)(.*?)([ \t]*\r?)$/gm
const BLANK = /\s/
const OPERATOR = /^(?:&&|\|\||[=!<>]=|[<>()!?:+*/,-])/

/**
 * Puts words in quotes where a spec's `%if` compares them as text: `%{x} == "y"` becomes `"%{x}" == "y"`. An rpm that
 * takes no bare words would read what `%{x}` stands for as one. Numbers stay numbers.
 */
export function quoteBareWords(text: string): { text: string; lines: number } {
  let lines = 0
  const quoted = text.replace(CONDITION, (line: string, start: string, condition: string, end: string) => {
    const after = start + quoteCondition(condition) + end
    if (after !== line) lines += 1
    return after
  })
  return { text: quoted, lines }
}

interface Token {
  readonly text: string
  readonly kind: 'blank' | 'operator' | 'operand'
}

function quoteCondition(condition: string): string {
  const tokens = tokensOf(condition)
  const written = tokens.map(({ text }) => text)
  const solid = tokens.flatMap(({ kind }, at) => (kind === 'blank' ? [] : [at]))
  for (const [nth, at] of solid.entries()) {
    const sides = [solid[nth - 1], solid[nth + 1]].filter((side) => side !== undefined)
    if (!/^[=!]=$/.test(tokens[at]!.text) || sides.length < 2) continue
    if (sides.some((side) => tokens[side]!.kind !== 'operand')) continue
    // Two macros may well stand for numbers: what is text is known only where one side says so.
    if (sides.some((side) => isText(tokens[side]!.text)))
      for (const side of sides) written[side] = inQuotes(tokens[side]!.text)
  }
  const quoted = written.join('')
  // What is known to be text now tells so of what it is compared with besides.
  return quoted === condition ? quoted : quoteCondition(quoted)
}

const isText = (operand: string): boolean => operand.startsWith('"') || /^[A-Za-z_][\w.-]*$/.test(operand)
const inQuotes = (operand: string): string => (operand.includes('"') ? operand : `"${operand}"`)

function tokensOf(condition: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < condition.length;) {
    const rest = condition.slice(at)
    const operator = OPERATOR.exec(rest)?.[0]
    const blank = /^\s+/.exec(rest)?.[0]
    const text = blank ?? operator ?? operandOf(rest)
    tokens.push({ text, kind: blank ? 'blank' : operator ? 'operator' : 'operand' })
    at += text.length
  }
  return tokens
}

/** Up to the next blank or operator that stands neither in quotes nor inside a macro's brackets. */
function operandOf(rest: string): string {
  const closing: string[] = []
  for (let at = 0; at < rest.length; at += 1) {
    const char = rest[at]!
    const inner = closing.at(-1)
    if (char === inner) closing.pop()
    else if (inner === '"') continue
    else if (char === '"') closing.push('"')
    else if (char === '{') closing.push('}')
    else if (char === '(' && (inner !== undefined || rest[at - 1] === '%')) closing.push(')')
    else if (
      inner === undefined &&
      at > 0 &&
      (BLANK.test(char) || /^(?:&&|\|\||[=!<>]=|[<>)])/.test(rest.slice(at)))
    )
      return rest.slice(0, at)
  }
  return rest
}
