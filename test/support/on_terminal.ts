import { spawn } from 'node:child_process'

/** Runs bringup on a terminal of its own (script(1)), and types answers where it asks for them. */
export async function onTerminal(
  args: readonly string[],
  answers: Readonly<Record<string, string>>,
  settings: { cwd: string; env: Readonly<Record<string, string | undefined>> },
): Promise<{ exitCode: number; output: string; unasked: string[] }> {
  const bringup = new URL('../../bin/bringup.js', import.meta.url).pathname
  const quoted = [process.execPath, bringup, ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['-qefc', `stty cols 400; exec ${quoted}`, '/dev/null'], {
    ...settings,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting = new Map(Object.entries(answers))
  let output = ''
  let from = 0
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
    for (const [question, answer] of waiting) {
      const at = output.indexOf(question, from)
      if (at < 0) continue
      from = at + question.length
      waiting.delete(question)
      child.stdin.write(`${answer}\n`)
    }
  })
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 128))
  })
  return { exitCode, output, unasked: [...waiting.keys()] }
}
