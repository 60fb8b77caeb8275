import type { Remote } from '../connection/remote.ts'
import { asBringupError, BringupError } from '../errors.ts'
import { MOST } from '../operations/question.ts'
import type { Asking, Question } from '../operations/question.ts'
import type { CommandRecord } from '../shell/shell.ts'

interface Asked {
  readonly item: unknown
  resolve(answer: unknown): void
  reject(error: unknown): void
}

/** Asks for items of one host; what is asked for in the same turn goes out in one script. */
export function createAsking(remote: Pick<Remote, 'run'>): Asking {
  const waiting = new Map<Question<never, unknown>, Asked[]>()
  const flush = (): void => {
    const all = [...waiting]
    waiting.clear()
    for (const [question, asked] of all)
      for (let at = 0; at < asked.length; at += MOST)
        void askTogether(remote, question, asked.slice(at, at + MOST))
  }
  return <Item, Answer>(question: Question<Item, Answer>, item: Item) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    if (waiting.size === 0) setImmediate(flush)
    const asked = waiting.get(question as Question<never, unknown>) ?? []
    asked.push({ item, resolve, reject })
    waiting.set(question as Question<never, unknown>, asked)
    return promise as Promise<Answer>
  }
}

async function askTogether(
  remote: Pick<Remote, 'run'>,
  question: Question<never, unknown>,
  asked: readonly Asked[],
): Promise<void> {
  try {
    const answers = await question.ask(
      remote,
      asked.map(({ item }) => item as never),
    )
    for (const [at, { resolve, reject }] of asked.entries()) {
      const answer = answers[at]
      if (answer instanceof BringupError) reject(answer)
      else resolve(answer)
    }
  } catch (error) {
    for (const { reject } of asked) reject(error)
  }
}

/** The same, with each question put on record as a command of the one who asked. */
export function recordedAsking(ask: Asking, record: (command: CommandRecord) => void): Asking {
  return async (question, item) => {
    const began = performance.now()
    const ended = (how: Pick<CommandRecord, 'code' | 'error'>): void =>
      record({
        command: question.title(item),
        kind: 'script',
        milliseconds: Math.round(performance.now() - began),
        stdout: '',
        stderr: '',
        ...how,
      })
    try {
      const answer = await ask(question, item)
      ended({ code: 0 })
      return answer
    } catch (error) {
      const { code } = asBringupError(error)
      ended(code === 'COMMAND_FAILED' ? { code: 1 } : { code: null, error: code })
      throw error
    }
  }
}
