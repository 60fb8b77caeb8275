import type { Facts } from './facts.ts'

/**
 * The section of a script that prints where the host's packages come from: `path:line` for all lines of the files that
 * say it, without comments. One process for all of them; files that are not there say nothing.
 *
 * apt: sources.list(5), and apt-transport-mirror(1), whose lists Debian's cloud images keep under mirrors/. dnf, yum:
 * dnf.conf(5), `reposdir` and `varsdir`.
 */
export const SOURCES_SCRIPT = `section package_sources
grep -sv '^[[:space:]]*#' /dev/null /etc/apt/sources.list /etc/apt/sources.list.d/*.list \\
  /etc/apt/sources.list.d/*.sources /etc/apt/mirrors/* \\
  /etc/yum.conf /etc/dnf/dnf.conf /etc/yum.repos.d/*.repo /etc/yum/repos.d/*.repo /etc/distro.repos.d/*.repo \\
  /etc/yum/vars/* /etc/dnf/vars/*`

/** What stands in names of repositories' hosts: `$releasever`, `$basearch`. */
export type Platform = Pick<Facts, 'architecture'> & { readonly os: Pick<Facts['os'], 'version'> }

/**
 * The places that a host's package sources name, sorted: `deb.example.org`, `mirror.example.org:3142`. Sources that are
 * switched off, on a medium or in a folder name none; user and password in a URL are left out.
 */
export function parsePackageSources(lines: readonly string[], platform: Platform): string[] {
  const files = new Map<string, string[]>()
  for (const line of lines) {
    const [, path, text] = /^(\/[^:]*):(.*)$/.exec(line) ?? []
    if (path !== undefined && text !== undefined) files.set(path, [...(files.get(path) ?? []), text])
  }
  const vars = new Map<string, readonly string[]>(variablesOf(platform))
  const urls: string[] = []
  for (const [path, text] of files) {
    const [, variable] = /^\/etc\/(?:yum|dnf)\/vars\/(.+)$/.exec(path) ?? []
    if (variable !== undefined) vars.set(variable, [text[0]?.trim() ?? ''])
    else if (path.endsWith('.sources')) urls.push(...deb822(text))
    else if (path.startsWith('/etc/apt/mirrors/')) urls.push(...text.map((line) => line.trim()))
    else if (path.startsWith('/etc/apt/')) urls.push(...text.flatMap(oneLine))
    else urls.push(...repositories(text))
  }
  const places = urls.flatMap((url) => expanded(url, vars)).map(placeOf)
  return [...new Set(places.filter((place) => place !== null))].toSorted()
}

/** What a URL names, as it stands on a list of what may be reached; null where it is nothing on the network. */
export function placeOf(url: string): string | null {
  // apt's methods can go through another (tor+https); `mirror` alone is its list over http.
  const [, method = '', authority = ''] = /^([a-z0-9+.-]+):\/\/([^/?#\s]*)/i.exec(url) ?? []
  const scheme = method
    .toLowerCase()
    .split('+')
    .at(-1)
    ?.replace(/^mirror$/, 'http')
  if (scheme !== 'http' && scheme !== 'https') return null
  const parsed = URL.parse(`${scheme}://${authority.replace(/^.*@/, '')}/`)
  if (parsed === null || parsed.hostname === '') return null
  return parsed.port === '80' || parsed.port === '443' ? parsed.hostname : parsed.host
}

/** `deb [arch=amd64 signed-by=…] http://… suite component` */
function oneLine(line: string): string[] {
  const [, url] = /^\s*deb(?:-src)?\s+(?:\[[^\]]*\]\s*)?(\S+)/.exec(line) ?? []
  return url === undefined ? [] : [url]
}

/** Stanzas of `Field: value`, whose value goes on in lines that begin with a blank. */
function deb822(lines: readonly string[]): string[] {
  return split(lines, (line) => line.trim() === '').flatMap((stanza) => {
    const fields = assigned(stanza, /^([A-Za-z-]+):(.*)$/)
    const isOff = /^\s*(no|false|without|off|disable|0)\s*$/i.test(fields.get('enabled') ?? '')
    return isOff ? [] : words(fields.get('uris'))
  })
}

/** Sections of a .repo file; dnf fetches keys from where they are as well. */
function repositories(lines: readonly string[]): string[] {
  return split(lines, (line) => /^\[.*\]/.test(line)).flatMap((section) => {
    const fields = assigned(section, /^([A-Za-z_]+)\s*=(.*)$/)
    if (/^\s*(0|no|false|off)\s*$/i.test(fields.get('enabled') ?? '')) return []
    return ['baseurl', 'mirrorlist', 'metalink', 'gpgkey'].flatMap((name) => words(fields.get(name)))
  })
}

function split(lines: readonly string[], isBorder: (line: string) => boolean): string[][] {
  const parts: string[][] = [[]]
  for (const line of lines)
    if (isBorder(line)) parts.push([])
    else parts.at(-1)?.push(line)
  return parts
}

/** Values by name in lower case, with the lines that go on. */
function assigned(lines: readonly string[], form: RegExp): Map<string, string> {
  const found = new Map<string, string>()
  let last = ''
  for (const line of lines) {
    const [, name, value = ''] = form.exec(line) ?? []
    if (name !== undefined) found.set((last = name.toLowerCase()), value)
    else if (/^\s/.test(line) && last !== '') found.set(last, `${found.get(last)} ${line}`)
  }
  return found
}

const words = (text = ''): string[] => text.split(/[\s,]+/).filter((word) => word !== '')

/** dnf's own variables. Its release is what a package of the distribution says: `9` where os-release says `9.4`. */
function variablesOf({ architecture, os }: Platform): [string, string[]][] {
  const [major = '', minor = ''] = os.version.split('.')
  const base = /^i[3-6]86$/.test(architecture) ? 'i386' : architecture
  return [
    ['releasever', [...new Set([os.version, major])]],
    ['releasever_major', [major]],
    ['releasever_minor', [minor]],
    ['arch', [architecture]],
    ['basearch', [base]],
  ]
}

/** A URL with the variables of its host replaced, once for each value; those of its path do not matter. */
function expanded(url: string, vars: ReadonlyMap<string, readonly string[]>): string[] {
  const [, before = '', name = '', after = ''] =
    /^([^/]*:\/\/[^/$]*)\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?(.*)$/.exec(url) ?? []
  if (name === '') return [url]
  return (vars.get(name) ?? []).flatMap((value) =>
    // A value with a variable in it would be replaced without end.
    value.includes('$') ? [] : expanded(`${before}${value}${after}`, vars),
  )
}
