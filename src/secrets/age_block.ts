/** An armored age file as a YAML value: `!age |` and the file below it, indented. */
export function ageBlock(armor: string, indent: number): string {
  const space = ' '.repeat(indent)
  return ['!age |', ...armor.split('\n').map((line) => space + line)].join('\n')
}

/** The same on one line, as it must be inside `{ }` and `[ ]`. */
export const ageQuoted = (armor: string): string => `!age ${JSON.stringify(armor)}`
