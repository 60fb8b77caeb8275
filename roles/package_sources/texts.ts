import { findKey, readIni } from '../../src/operations/ini_lines.ts'
import { splitLines } from '../../src/operations/text_lines.ts'
import type { AptRepository, YumRepository } from './vars.ts'

/** The names of the sections of a yum repository file, in order. */
export function sectionsOf(text: string): string[] {
  const found = readIni(splitLines(text)).flatMap(({ role, section }) =>
    role === 'header' && section !== null ? [section] : [],
  )
  return [...new Set(found)]
}

/** What a section is to exclude: what it excludes already, and what it lacks. Null where it lacks nothing. */
export function excludeWith(text: string, section: string, packages: readonly string[]): string | null {
  const lines = splitLines(text)
  const found = findKey(lines, readIni(lines), section, 'exclude').at(-1)
  const written = [found?.value ?? '', ...(found?.continued ?? []).map((index) => lines[index]?.text ?? '')]
  const there = written
    .join(' ')
    .split(/[\s,]+/)
    .filter((word) => word !== '')
  const lacking = packages.filter((one) => !there.includes(one))
  return lacking.length === 0 ? null : [...there, ...lacking].join(' ')
}

/** apt_preferences(5): a negative priority keeps a version from being installed. */
export function pinText(packages: readonly string[], from: string): string {
  return `# Kept apart by bringup: these come from a vendor.
Package: ${packages.join(' ')}
Pin: ${from}
Pin-Priority: -1
`
}

/** A .repo file. @param key path of the public key on the host; null where nobody signs */
export function yumText({ name, description, baseurl, enabled }: YumRepository, key: string | null): string {
  const bit = (on: boolean): string => (on ? '1' : '0')
  return [
    `[${name}]`,
    `name=${description ?? name}`,
    `baseurl=${baseurl.join('\n  ')}`,
    `enabled=${bit(enabled)}`,
    `gpgcheck=${bit(key !== null)}`,
    ...(key === null ? [] : [`gpgkey=file://${key}`]),
    '',
  ].join('\n')
}

/** A .sources file (sources.list(5), deb822). @param key path of the public key on the host; null where nobody signs */
export function aptText(repository: AptRepository, key: string | null): string {
  const { uris, suites, components, architectures, enabled } = repository
  const fields: [string, string][] = [
    ['Types', 'deb'],
    ['URIs', uris.join(' ')],
    ['Suites', suites.join(' ')],
    ['Components', components.join(' ')],
    ['Architectures', architectures.join(' ')],
    key === null ? ['Trusted', 'yes'] : ['Signed-By', key],
    ['Enabled', enabled ? '' : 'no'],
  ]
  return fields.flatMap(([field, value]) => (value === '' ? [] : [`${field}: ${value}\n`])).join('')
}
