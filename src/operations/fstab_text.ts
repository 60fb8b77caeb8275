import { BringupError } from '../errors.ts'
import { insertLines, joinLines, lineNumbers, replaceLine, splitLines } from './text_lines.ts'
import type { Line } from './text_lines.ts'

/** One line of fstab(5). */
export interface FstabEntry {
  /** Device, `UUID=…`, `LABEL=…`, or what else the type mounts. */
  readonly spec: string
  /** A path, or `none` for swap. */
  readonly mountpoint: string
  readonly type: string
  readonly options: readonly string[]
  readonly dump: number
  /** Order of fsck at boot; 0: not checked. */
  readonly pass: number
}

/** Which lines are meant: those of a mount point; for swap, which has none, those of a spec. */
export interface FstabTarget {
  readonly path: string
  readonly mountpoint: string
  readonly spec?: string | undefined
}

/** The text with the entry: its mount point's line gets the fields that differ, in their columns, or a line is added. */
export function setEntry(text: string, path: string, entry: FstabEntry): string {
  const lines = splitLines(text)
  const atPoint = indicesOf(lines, (seen) => isMeant(seen, placeOf(path, entry)))
  const narrowed =
    atPoint.length > 1 ? atPoint.filter((at) => parse(lines[at]?.text ?? '')?.spec === entry.spec) : atPoint
  const [index, another] = narrowed
  if (another !== undefined || (index === undefined && atPoint.length > 0))
    throw new BringupError('REFUSED', `${path} mounts several filesystems at ${entry.mountpoint}`, {
      seen: lineNumbers(atPoint),
      remedy: 'Remove by hand those that are wrong.',
    })
  if (index !== undefined)
    return joinLines(replaceLine(lines, index, rewritten(lines[index]?.text ?? '', entry)))
  const example = lines.findLastIndex(({ text: line }) => {
    const seen = line.startsWith('#') ? parse(line.replace(/^#+\s*/, '')) : null
    return seen !== null && isMeant(seen, placeOf(path, entry))
  })
  const place = example === -1 ? lines.length : example + 1
  return joinLines(insertLines(lines, place, [fieldsOf(entry).join(' ')]))
}

/** The text without any line for the target. */
export function removeEntry(text: string, target: FstabTarget): string {
  return joinLines(splitLines(text).filter((line) => !isActive(line, target)))
}

/** The text with every line for the target commented out. */
export function commentEntry(text: string, target: FstabTarget): string {
  return joinLines(
    splitLines(text).map((line) => (isActive(line, target) ? { ...line, text: `#${line.text}` } : line)),
  )
}

const isActive = (line: Line, target: FstabTarget): boolean => {
  const seen = parse(line.text)
  return seen !== null && isMeant(seen, target)
}

/** A swap area has no mount point to be known by. */
const hasPoint = (mountpoint: string): boolean => mountpoint.startsWith('/')

const placeOf = (path: string, { spec, mountpoint }: FstabEntry): FstabTarget =>
  hasPoint(mountpoint) ? { path, mountpoint } : { path, mountpoint, spec }

const isMeant = (seen: FstabEntry, { mountpoint, spec }: FstabTarget): boolean =>
  (spec === undefined || seen.spec === spec) &&
  (hasPoint(mountpoint) ? withoutSlash(seen.mountpoint) === mountpoint : !hasPoint(seen.mountpoint))

const withoutSlash = (path: string): string => path.replace(/(.)\/+$/, '$1')

const indicesOf = (lines: readonly Line[], test: (seen: FstabEntry) => boolean): number[] =>
  lines.flatMap(({ text }, index) => {
    const seen = parse(text)
    return seen !== null && test(seen) ? [index] : []
  })

/** Fields are separated by blanks; blanks in them are written as octal escapes. Null for comments and what is no entry. */
function parse(text: string): FstabEntry | null {
  if (/^\s*(#|$)/.test(text)) return null
  const [spec, mountpoint, type, options = 'defaults', dump = '0', pass = '0'] = text.trim().split(/\s+/)
  if (spec === undefined || mountpoint === undefined || type === undefined) return null
  return {
    spec: decoded(spec),
    mountpoint: decoded(mountpoint),
    type,
    options: options.split(','),
    dump: Number(dump),
    pass: Number(pass),
  }
}

const fieldsOf = ({ spec, mountpoint, type, options, dump, pass }: FstabEntry): string[] => [
  encoded(spec),
  encoded(mountpoint),
  type,
  options.join(','),
  String(dump),
  String(pass),
]

/** The line with the fields that differ, and the blanks between them as they were. */
function rewritten(text: string, entry: FstabEntry): string {
  const pieces = text.split(/(\s+)/)
  const first = pieces[0] === '' ? 2 : 0
  const seen = parse(text)
  const now = seen === null ? [] : fieldsOf(seen)
  const wanted = fieldsOf(entry)
  if (wanted.every((field, order) => field === now[order])) return text
  for (const [order, field] of wanted.entries()) {
    const at = first + 2 * order
    if (pieces[at] === undefined || pieces[at] === '') pieces.splice(at - 1, 2, ' ', field)
    else if (now[order] !== field) pieces[at] = field
  }
  return pieces.join('')
}

const decoded = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

const encoded = (field: string): string =>
  field.replace(/[ \t\n\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
