/**
 * One word of a POSIX shell: what is not plainly harmless stands in single quotes, in which nothing is special. Works
 * in every `sh`; the `$'…'` that zx would write is a syntax error in dash (POSIX 2.2.2).
 */
export function quote(word: string): string {
  return /^[\w/.\-+@:=,%]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
