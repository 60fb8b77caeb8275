/**
 * When two spellings in a CIB mean the same. Options of resource agents are not compared by these: what `on` or `5`
 * means to an agent only the agent knows.
 */

const INFINITY = 1_000_000

const UNITS: Record<string, number> = {
  us: 0.001,
  usec: 0.001,
  ms: 1,
  msec: 1,
  '': 1000,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
}

/**
 * A time as pacemaker reads it (`30`, `30s`, `30000ms`, `5min`, `PT5M`), in milliseconds; undefined when it is none.
 * Source: crm_get_msec() in lib/common/utils.c, and ISO 8601 durations for intervals.
 */
export function milliseconds(text: string): number | undefined {
  const simple = /^(\d+)\s*([a-z]*)$/i.exec(text.trim())
  if (simple) {
    const unit = UNITS[(simple[2] ?? '').toLowerCase()]
    return unit === undefined ? undefined : Math.round(Number(simple[1]) * unit)
  }
  const iso = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(text.trim())
  if (!iso || iso[0].length < 3) return undefined
  const [days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0))
  return (((days ?? 0) * 24 + (hours ?? 0)) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000
}

/** A score as a number; everything from a million on is infinite. Undefined when it is no score. */
export function score(text: string): number | undefined {
  const word = /^([+-]?)INFINITY$/i.exec(text.trim())
  if (word) return word[1] === '-' ? -INFINITY : INFINITY
  if (!/^[+-]?\d+$/.test(text.trim())) return undefined
  return Math.max(-INFINITY, Math.min(INFINITY, Number(text)))
}

/** A score as pcs writes it. */
export function scoreText(value: string | number): string {
  const number = score(String(value))
  if (number === undefined) return String(value)
  return Math.abs(number) === INFINITY ? `${number < 0 ? '-' : ''}INFINITY` : String(number)
}

/** crm_str_to_boolean(): `true`, `on`, `yes`, `y`, `1`, in any case. */
export function boolean(text: string): boolean | undefined {
  if (/^(true|on|yes|y|1)$/i.test(text)) return true
  if (/^(false|off|no|n|0)$/i.test(text)) return false
  return undefined
}

/** Both generations of role words, in any case; no role is Started. Unknown words stay as they are. */
export function role(text: string | undefined): string {
  const roles: Record<string, string> = {
    started: 'Started',
    stopped: 'Stopped',
    promoted: 'Promoted',
    unpromoted: 'Unpromoted',
    master: 'Promoted',
    slave: 'Unpromoted',
  }
  if (text === undefined) return 'Started'
  return roles[text.toLowerCase()] ?? text
}

/** Whether two values of a property, a meta attribute or an operation's attribute mean the same. */
export function sameMeaning(one: string, other: string): boolean {
  if (one === other) return true
  // `1` is a number unless the other side says a word, so that a count of 1 never equals a time of `y`.
  const yes = boolean(one)
  if (yes !== undefined && yes === boolean(other) && !(isNumber(one) && isNumber(other))) return true
  for (const read of [milliseconds, score]) {
    const value = read(one)
    if (value !== undefined && value === read(other)) return true
  }
  return role(one) === role(other)
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text)
}
