/** A statement of drbd.conf: its words, and what is in its braces. */
export interface Statement {
  readonly words: readonly string[]
  readonly inside: readonly Statement[] | undefined
}

/** A small reader of drbd.conf as drbdadm's scanner has it: strings of 255 at most, escapes, operators, comments. */
export function readConf(text: string): Statement[] {
  const tokens = [
    ...text.matchAll(
      /"((?:[^"\\\n]|\\[^\n]){0,255})"|([{};])|([A-Za-z0-9/._-]{1,128}|[[\]:])|(#.*)|(\s+)|(.)/g,
    ),
  ]
  let at = 0
  const block = (): Statement[] => {
    const found: Statement[] = []
    let words: string[] = []
    while (at < tokens.length) {
      const [token, string, operator, bare, , , odd] = tokens[at++] ?? []
      if (odd !== undefined) throw new Error(`the scanner does not take ${token}`)
      if (string !== undefined) words.push(string.replace(/\\(.)/g, '$1'))
      else if (bare !== undefined) words.push(bare)
      else if (operator === '{') {
        found.push({ words, inside: block() })
        words = []
      } else if (operator === ';') {
        found.push({ words, inside: undefined })
        words = []
      } else if (operator === '}') {
        if (words.length > 0) throw new Error(`no ; after ${words.join(' ')}`)
        return found
      }
    }
    return found
  }
  return block()
}

/** What stands in the sections with these words, one in the other. */
export function at(statements: readonly Statement[], ...path: readonly string[]): readonly Statement[] {
  return path.reduce<readonly Statement[]>(
    (inside, words) => inside.find((one) => one.words.join(' ') === words)?.inside ?? [],
    statements,
  )
}
