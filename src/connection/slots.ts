/** A number of places, taken and given back; whoever comes when all are taken waits in line. */
export interface Slots {
  /** @returns what gives the place back; calling it again does nothing */
  take(): Promise<() => void>
}

export function createSlots(count: number): Slots {
  let free = count
  const waiting: (() => void)[] = []
  return {
    async take() {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      let given = false
      return () => {
        if (given) return
        given = true
        const next = waiting.shift()
        if (next === undefined) free += 1
        else next()
      }
    },
  }
}
