/** Work that has begun and not ended. */
export interface InFlight {
  /** What is still going on, in the order it began. */
  readonly names: readonly string[]
  /** @returns the work, for the one who waits for it; that nobody does still shows when it fails */
  add<T>(name: string, work: Promise<T>): Promise<T>
  /** Resolves once nothing is left, also of what is added meanwhile; never rejects. */
  settled(): Promise<void>
}

export function createInFlight(): InFlight {
  const going = new Map<Promise<unknown>, string>()
  return {
    get names() {
      return [...going.values()]
    },
    add(name, work) {
      const ending = work.finally(() => going.delete(ending))
      going.set(ending, name)
      return ending
    },
    async settled() {
      while (going.size > 0) await Promise.allSettled(going.keys())
    },
  }
}
