import { quoteBareWords } from './spec_quotes.ts'
import type { SbinSymlinks } from './utils_build.ts'
import { fine, refuse } from './verdict.ts'
import type { Verdict } from './verdict.ts'

export interface PatchedSpec {
  readonly text: string
  /** What became of the links in /sbin; all but `patched` left them as they stood. */
  readonly sbinSymlinks: 'patched' | 'already' | 'autodetected' | 'gone'
  /** How many lines had words to be quoted. */
  readonly quoted: number
}

const ANCHOR = /^%bcond_without[ \t]+sbinsymlinks[ \t]*(\r?)$/gm
const UNDEFINED = '%undefine with_sbinsymlinks'
/** The spec's own answer since 9.22: the same as --without sbinsymlinks, where it finds /sbin to be /usr/sbin. */
const AUTODETECTS = /^%global[ \t]+_without_sbinsymlinks\b/m

/**
 * The spec of drbd-utils (`drbd.spec.in`, or `drbd.spec`) so that its packages can be installed where /sbin is
 * /usr/sbin, and be built by an rpm that wants words in quotes. Patched again, it stays as it is.
 *
 * @param expected what the release's spec is known to do about the links; the text has the last word
 */
export function patchSpec(
  text: string,
  { expected, quote }: { expected: SbinSymlinks; quote: boolean },
): Verdict<PatchedSpec> {
  const { text: quoted, lines } = quote ? quoteBareWords(text) : { text, lines: 0 }
  const answer = { ...fine(), text: quoted, quoted: lines }
  const [anchor, ...more] = quoted.matchAll(ANCHOR)
  if (more.length > 0) return unfit(`that line ${more.length + 1} times`)
  if (anchor === undefined) {
    return expected === 'gone' ? { ...answer, sbinSymlinks: 'gone' } : unfit('no such line')
  }
  if (AUTODETECTS.test(quoted.slice(0, anchor.index))) return { ...answer, sbinSymlinks: 'autodetected' }
  const end = anchor.index + anchor[0].length
  if (quoted.slice(end).trimStart().startsWith(UNDEFINED)) return { ...answer, sbinSymlinks: 'already' }
  const added = `\n${UNDEFINED}${anchor[1]}`
  return { ...answer, text: quoted.slice(0, end) + added + quoted.slice(end), sbinSymlinks: 'patched' }
}

const unfit = (seen: string) =>
  refuse('the spec of drbd-utils is not as this release has it', {
    expected: 'the line "%bcond_without sbinsymlinks", once',
    seen,
    remedy: "Look whether the tarball is LINBIT's and whole, and drbd.spec.in in it as it came.",
  })
