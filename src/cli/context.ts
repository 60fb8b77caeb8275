import { Secret } from '../secret.ts'
import type { Environment } from '../secrets/age.ts'
import type { Ask } from '../secrets/resolve.ts'
import { ask } from './ask.ts'

/** What a command meets the world with; tests give another one. */
export interface CommandContext {
  readonly cwd: string
  readonly environment: Environment
  readonly ask: Ask
  /** Standard output. */
  readonly out: (text: string) => void
  /** Standard error: what is not the result itself. */
  readonly say: (text: string) => void
  /** All of standard input, or null where it is a terminal. */
  readonly input: () => Promise<Secret | null>
  readonly colour: boolean
}

/** The process's own. */
export function processContext(): CommandContext {
  return {
    cwd: process.cwd(),
    environment: process.env,
    ask,
    out: (text) => void process.stdout.write(text),
    say: (text) => void process.stderr.write(text),
    input: async () => {
      if (process.stdin.isTTY) return null
      const pieces: Buffer[] = []
      for await (const piece of process.stdin) pieces.push(piece as Buffer)
      return new Secret(Buffer.concat(pieces), 'standard input')
    },
    colour: process.stdout.hasColors?.() ?? false,
  }
}
