/** A string as drbdadm's scanner reads it back: in double quotes, a backslash before quotes and backslashes. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, (special) => `\\${special}`)}"`
}

/** A value: bare where the scanner takes it so (8.4 takes `yes` and numbers in no other way), else in quotes. */
export function word(value: string): string {
  return /^[A-Za-z0-9/._-]{1,128}$/.test(value) ? value : quoted(value)
}

/** A section with its lines; no line at all where there is nothing in it. */
export function section(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${head} {`, ...lines.map((line) => `  ${line}`), '}']
}

/** One `name value;` each. */
export function settings(values: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${word(value)};`],
  )
}
