import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Secret } from '../secret.ts'

/**
 * Asks for a secret on the terminal, without echo.
 * @returns null where there is no terminal to ask on, or nothing was typed
 */
export async function ask(question: string): Promise<Secret | null> {
  const answer = await typed(question, { echo: false })
  return answer === null || answer === '' ? null : new Secret(answer, `typed for "${question}"`)
}

/**
 * Asks a question on the terminal; only a whole "yes" is one.
 * @returns null where there is no terminal to ask on
 */
export async function confirm(question: string): Promise<boolean | null> {
  const answer = await typed(`${question} (yes/no)`, { echo: true })
  return answer === null ? null : answer.trim().toLowerCase() === 'yes'
}

async function typed(question: string, { echo }: { echo: boolean }): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const output = echo ? process.stderr : silent
  // It takes the terminal's echo away, so the question comes after it: who answers at once must not see a secret.
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  if (echo) lines.setPrompt(`${question}: `)
  if (echo) lines.prompt()
  else process.stderr.write(`${question}: `)
  try {
    return await new Promise<string | null>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(null))
      lines.once('SIGINT', () => {
        lines.close()
        process.kill(process.pid, 'SIGINT')
      })
    })
  } finally {
    lines.close()
    if (!echo) process.stderr.write('\n')
  }
}
