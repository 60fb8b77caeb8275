import { posix } from 'node:path'

interface UnitFile {
  readonly path: string
  readonly directory: string
  readonly name: string
  /** What a symlink points to, made absolute; null for a file. */
  readonly target: string | null
  readonly empty: boolean
}

/** Where unit files are, the strongest first; systemd.unit(5), "Unit File Load Path". */
export const UNIT_DIRECTORIES = [
  '/run/systemd/transient',
  '/run/systemd/generator.early',
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
  '/run/systemd/generator.late',
]

/**
 * What systemctl(1) says under is-enabled, for every service with a unit file, found from the files alone: `systemctl
 * list-unit-files` takes a third of a second of PID 1's time, which cannot do anything else meanwhile.
 *
 * @param files lines of `find -printf '%s %p\t%l\n'` in {@link UNIT_DIRECTORIES}
 * @param install lines `path:Key=` for the keys of [Install] sections
 */
export function unitFileStates(files: readonly string[], install: readonly string[]): Map<string, string> {
  const all = files.flatMap(unitFile)
  const own = all
    .filter(({ directory }) => UNIT_DIRECTORIES.includes(directory))
    .toSorted((a, b) => UNIT_DIRECTORIES.indexOf(a.directory) - UNIT_DIRECTORIES.indexOf(b.directory))
  const strongest = new Map(own.toReversed().map((file) => [file.name, file]))
  const links = [
    ...all.filter(({ directory }) => !UNIT_DIRECTORIES.includes(directory)),
    ...own.filter(isAlias),
  ]
  const enabling = placesByUnit(links)
  const keys = installKeys(install)
  return new Map(
    [...strongest.values()].map((file) => [
      file.name.slice(0, -'.service'.length),
      stateOf(file, enabling.get(file.name) ?? [], keys.get(file.target ?? file.path) ?? []),
    ]),
  )
}

function stateOf(file: UnitFile, enabling: readonly string[], keys: readonly string[]): string {
  const { directory, target, empty } = file
  const inRun = directory.startsWith('/run/') ? '-runtime' : ''
  if (target === '/dev/null' || (target === null && empty)) return `masked${inRun}`
  if (isAlias(file)) return 'alias'
  if (directory === '/run/systemd/transient') return 'transient'
  if (directory.startsWith('/run/systemd/generator')) return 'generated'
  if (enabling.some((place) => place.startsWith('/etc/'))) return 'enabled'
  if (enabling.some((place) => place.startsWith('/run/'))) return 'enabled-runtime'
  if (target !== null && !UNIT_DIRECTORIES.includes(posix.dirname(target))) return `linked${inRun}`
  if (keys.some((key) => key !== 'Also')) return enabling.length > 0 ? 'enabled' : 'disabled'
  return keys.length > 0 ? 'indirect' : 'static'
}

/** Where each unit is linked from: a `.wants` directory, or under another name (`Alias=`); an instance counts for its template. */
function placesByUnit(links: readonly UnitFile[]): Map<string, string[]> {
  const places = new Map<string, string[]>()
  const add = (unit: string, place: string): void =>
    void places.set(unit, [...(places.get(unit) ?? []), place])
  for (const { name, target, directory } of links)
    if (!UNIT_DIRECTORIES.includes(directory)) {
      add(name, directory)
      const template = name.replace(/@.+(?=\.service$)/, '@')
      if (template !== name) add(template, directory)
    } else if (target !== null) add(posix.basename(target), directory)
  return places
}

const isAlias = ({ name, target }: UnitFile): boolean =>
  target !== null && target !== '/dev/null' && posix.basename(target) !== name

function unitFile(line: string): UnitFile[] {
  // The last line of all has lost its tab, as the end of its section.
  const [, size, path, target = ''] = /^(\d+) (\/[^\t]*)(?:\t(.*))?$/.exec(line) ?? []
  if (path === undefined) return []
  const directory = posix.dirname(path)
  const absolute = target === '' ? null : posix.resolve(directory, target)
  return [{ path, directory, name: posix.basename(path), target: absolute, empty: size === '0' }]
}

/** By path of the file, which is known below /lib as well where that is a link to /usr/lib. */
function installKeys(lines: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const line of lines) {
    const [, path, key] = /^(\/[^:]*):([A-Za-z]+)=/.exec(line) ?? []
    if (path === undefined || key === undefined) continue
    for (const same of [path, path.replace(/^\/usr\/lib\//, '/lib/'), path.replace(/^\/lib\//, '/usr/lib/')])
      found.set(same, [...(found.get(same) ?? []), key])
  }
  return found
}
