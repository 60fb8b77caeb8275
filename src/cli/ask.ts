import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Secret } from '../secret.ts'

/**
 * Asks for a secret on the terminal, without echo.
 * @returns null where there is no terminal to ask on, or nothing was typed
 */
export async function ask(question: string): Promise<Secret | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  // It takes the echo away, so the question comes after it: who answers at once must not see the answer.
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  process.stderr.write(`${question}: `)
  try {
    const answer = await new Promise<string | null>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(null))
      lines.once('SIGINT', () => {
        lines.close()
        process.kill(process.pid, 'SIGINT')
      })
    })
    return answer === null || answer === '' ? null : new Secret(answer, `typed for "${question}"`)
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
