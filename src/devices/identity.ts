/**
 * Which device it is, out of lines `part 1`, `dm UUID`, `wwid …`, `serial …`, `loop FILE`: by what is written on it
 * or given to it for good, and only where there is nothing of that by its number, which may be another one's after the
 * next boot.
 */
export function identityOf(
  lines: readonly string[],
  number: string,
): { readonly identity: string; readonly model: string } {
  const all = (name: string): string[] => [
    ...new Set(
      lines
        .filter((line) => line.startsWith(`${name} `))
        .map((line) => line.slice(name.length + 1).trim())
        .filter((value) => value !== ''),
    ),
  ]
  const [dm] = all('dm')
  const marks = ['wwid', 'serial', 'loop'].flatMap((name) => all(name).map((value) => `${name} ${value}`))
  const whole = dm === undefined ? marks.join(', ') : `dm ${dm}`
  const part = all('part').map((value) => `partition ${value}`)
  return {
    identity: whole === '' ? `number ${number}` : [whole, ...part].join(', '),
    model: all('model')[0] ?? '',
  }
}
