import type { Ask } from '../connection/ask.ts'
import type { Secret } from '../secret.ts'

/** Asks people, and later answers the same questions from what they said, for connections that are opened again. */
export function rememberedAnswers(ask: Ask): { readonly ask: Ask; askNoMore(): void } {
  const given = new Map<string, Secret>()
  let mayAsk = true
  return {
    async ask(question) {
      if (!mayAsk) return given.get(question) ?? null
      const answer = await ask(question)
      if (answer !== null) given.set(question, answer)
      return answer
    },
    askNoMore() {
      mayAsk = false
    },
  }
}
