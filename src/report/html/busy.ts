/** How long at least one of the tasks was under way, in milliseconds: tasks at the same time count once. */
export function busy(tasks: readonly { begin: number; milliseconds: number }[]): number {
  let sum = 0
  let until = 0
  for (const { begin, milliseconds } of tasks.toSorted((a, b) => a.begin - b.begin)) {
    const end = begin + milliseconds
    sum += Math.max(0, end - Math.max(begin, until))
    until = Math.max(until, end)
  }
  return sum
}
