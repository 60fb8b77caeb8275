import type { CommandContext } from '../../src/cli/context.ts'
import { Secret } from '../../src/secret.ts'

export interface FakeTerminal {
  readonly context: CommandContext
  /** What was written to standard output, and to standard error. */
  readonly written: { out: string; said: string }
}

/** A command's world: what is typed and piped comes from the test, what is printed goes to it. */
export function fakeTerminal(
  cwd: string,
  {
    answers = [],
    input,
    environment = {},
  }: { answers?: readonly string[]; input?: string; environment?: Readonly<Record<string, string>> } = {},
): FakeTerminal {
  const written = { out: '', said: '' }
  const left = [...answers]
  const context: CommandContext = {
    cwd,
    environment,
    ask: async () => {
      const answer = left.shift()
      return answer === undefined ? null : new Secret(answer)
    },
    out: (text) => void (written.out += text),
    say: (text) => void (written.said += text),
    input: async () => (input === undefined ? null : new Secret(input)),
    colour: false,
  }
  return { context, written }
}
