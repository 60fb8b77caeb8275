import type { SbinSymlinks } from '../../../src/drbd/utils_build.ts'

export interface SpecExcerpt {
  readonly version: string
  readonly expected: SbinSymlinks
  readonly text: string
}

/** What the spec of a release says about the links, and how it compares words. */
function excerpt(
  version: string,
  expected: SbinSymlinks,
  { before = [], after, compares }: { before?: string[]; after: string; compares: string },
): SpecExcerpt {
  const anchor = expected === 'gone' ? [] : ['%bcond_without sbinsymlinks']
  const lines = [...before, '%bcond_without bashcompletion', ...anchor, after, '', compares, '%endif', '']
  return { version, expected, text: lines.join('\n') }
}

const BARE = '%if %{initscripttype} == "sysv"'
const QUOTED = '%if "%{initscripttype}" == "sysv"'
const XEN = '# --with xen is ignored on any non-x86 architecture'
const DETECTS = [
  '%if %(test /sbin -ef /usr/sbin && echo 1 || echo 0)',
  '%global _without_sbinsymlinks --without-sbinsymlinks',
  '%endif',
]

export const excerpts: readonly SpecExcerpt[] = [
  excerpt('9.10.0', 'patch', { after: XEN, compares: BARE }),
  excerpt('9.15.0', 'patch', { after: XEN, compares: BARE }),
  excerpt('9.20.0', 'patch', { after: XEN, compares: QUOTED }),
  excerpt('9.22.0', 'autodetected', { before: DETECTS, after: XEN, compares: QUOTED }),
  excerpt('9.28.0', 'autodetected', { before: DETECTS, after: XEN, compares: QUOTED }),
  excerpt('9.34.0', 'gone', {
    before: ['%if %{defined suse_version} && 0%{?suse_version} < 1550', '%endif'],
    after: '%bcond_without 84support',
    compares: QUOTED,
  }),
]
