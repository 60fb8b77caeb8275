import type { YAMLError } from 'yaml'

interface SyntaxProblem {
  message: string
  remedy: string
}

export const tabs: SyntaxProblem = {
  message: 'a tab where YAML wants spaces',
  remedy: 'Indent with spaces only.',
}

const known: Partial<Record<YAMLError['code'], SyntaxProblem>> = {
  TAB_AS_INDENT: tabs,
  MULTIPLE_DOCS: {
    message: 'a second YAML document starts here',
    remedy: 'Keep one document in a file: take out this "---" or "...".',
  },
  BAD_INDENT: {
    message: 'this line is not indented as the ones around it',
    remedy: 'Put entries of one map or list into the same column.',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'a key that runs over several lines',
    remedy: 'Look for a ":" that is missing, or for a quote or bracket that is not closed.',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second ":" on one line',
    remedy: 'Put the value into quotes if the ":" belongs to it, else on a line of its own.',
  },
  MISSING_CHAR: {
    message: 'something is missing before here: a closing quote or bracket, a comma, or a ":"',
    remedy: 'Close what is open above this place.',
  },
  BAD_SCALAR_START: {
    message: 'text that starts with a character that YAML keeps for itself',
    remedy: 'Put the value into quotes.',
  },
  BAD_DQ_ESCAPE: {
    message: 'a backslash that means nothing inside double quotes',
    remedy: "Write \\\\ for a backslash, or use single quotes: '…'.",
  },
}

/** What the YAML parser complains about, in our words where we have better ones than the parser. */
export function syntaxProblem(error: YAMLError): SyntaxProblem {
  const ours = known[error.code]
  if (ours !== undefined) return ours
  const [line = ''] = error.message.split('\n')
  const message = line.replace(/ at line \d+, column \d+:?$/, '')
  return {
    message: `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    remedy: 'Correct the line, or put the value into quotes.',
  }
}
