/** More hosts than this from one line are taken for a mistake. */
const MOST = 10_000

/**
 * Expands a host name with ranges, as Ansible does: `server[1:3]`, `node[01:10]` (keeps the zeros), `rack[a:c]`,
 * `n[0:8:2]` (in steps of 2), several in one name. Ends are included.
 * @returns the names in order, or what is wrong
 */
export function expandRanges(name: string): string[] | { problem: string } {
  const open = name.indexOf('[')
  if (open < 0) return name.includes(']') ? { problem: 'a "]" without its "["' } : [name]
  const close = name.indexOf(']', open)
  if (close < 0) return { problem: 'a "[" without its "]"' }
  const values = rangeValues(name.slice(open + 1, close))
  if (!Array.isArray(values)) return values
  const rest = expandRanges(name.slice(close + 1))
  if (!Array.isArray(rest)) return rest
  if (values.length * rest.length > MOST) return { problem: `more than ${MOST.toLocaleString('en')} hosts` }
  const head = name.slice(0, open)
  return values.flatMap((value) => rest.map((tail) => head + value + tail))
}

function rangeValues(range: string): string[] | { problem: string } {
  const [first = '', last = '', step = '1', ...more] = range.split(':')
  const by = /^\d{1,6}$/.test(step) ? Number(step) : 0
  if (more.length > 0 || by === 0)
    return { problem: `the range [${range}] is not [first:last] or [first:last:step]` }
  const numbers = numberRange(first, last, by)
  if (numbers !== null) return numbers
  if (areLetters(first, last)) return letterRange(first, last, by)
  return { problem: `the range [${range}] runs neither from number to number nor from letter to letter` }
}

function numberRange(first: string, last: string, by: number): string[] | { problem: string } | null {
  if (!/^\d{1,9}$/.test(first) || !/^\d{1,9}$/.test(last)) return null
  const padded = first.length > 1 && first.startsWith('0')
  if (padded && first.length !== last.length)
    return { problem: `the range [${first}:${last}] starts with zeros, so both ends need as many digits` }
  const [from, to] = [Number(first), Number(last)]
  if (from > to) return { problem: `the range [${first}:${last}] runs backwards` }
  if ((to - from) / by >= MOST) return { problem: `more than ${MOST.toLocaleString('en')} hosts` }
  const count = Math.floor((to - from) / by) + 1
  return Array.from({ length: count }, (_, index) => {
    const text = String(from + index * by)
    return padded ? text.padStart(first.length, '0') : text
  })
}

const areLetters = (a: string, b: string): boolean =>
  a.length === 1 && b.length === 1 && /^([a-z]{2}|[A-Z]{2})$/.test(a + b)

function letterRange(first: string, last: string, by: number): string[] | { problem: string } {
  const [from, to] = [first.charCodeAt(0), last.charCodeAt(0)]
  if (from > to) return { problem: `the range [${first}:${last}] runs backwards` }
  const count = Math.floor((to - from) / by) + 1
  return Array.from({ length: count }, (_, index) => String.fromCharCode(from + index * by))
}
