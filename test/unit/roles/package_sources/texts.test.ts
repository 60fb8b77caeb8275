import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  aptText,
  excludeWith,
  pinText,
  sectionsOf,
  yumText,
} from '../../../../roles/package_sources/texts.ts'
import { packageSourcesVars } from '../../../../roles/package_sources/vars.ts'
import { setKeys } from '../../../../src/operations/ini_text.ts'

const CENTOS = `# CentOS-Base.repo
[base]
name=CentOS-$releasever - Base
mirrorlist=http://mirror.example.org/?release=$releasever
#exclude=nothing
gpgcheck=1

#released updates
[updates]
name = CentOS-$releasever - Updates
exclude = kernel*, pacemaker*
   php*
gpgcheck = 1
`
const PACKAGES = ['pacemaker*', 'corosync*']

const edited = (text: string, section: string, packages: readonly string[]): string => {
  const value = excludeWith(text, section, packages)
  return value === null
    ? text
    : setKeys(text, { path: 'a.repo', section, duplicates: 'refuse' }, { exclude: value })
}

test('a section without a line gets one, and all else stays', () => {
  expect(edited(CENTOS, 'base', PACKAGES)).toBe(
    CENTOS.replace('#exclude=nothing\n', '#exclude=nothing\nexclude=pacemaker* corosync*\n'),
  )
})

test('a section that excludes something goes on excluding it', () => {
  expect(edited(CENTOS, 'updates', PACKAGES)).toBe(
    CENTOS.replace(
      'exclude = kernel*, pacemaker*\n   php*\n',
      'exclude = kernel* pacemaker* php* corosync*\n',
    ),
  )
})

test('the sections of a file', () => {
  expect(sectionsOf(CENTOS)).toEqual(['base', 'updates'])
  expect(sectionsOf('')).toEqual([])
})

test('an edited file is left alone, and excludes all that is asked for', () => {
  const names = fc.array(fc.constantFrom('pacemaker*', 'corosync*', 'kernel*', 'pcs', 'php*'), {
    maxLength: 5,
  })
  fc.assert(
    fc.property(names, fc.constantFrom('base', 'updates'), (packages, section) => {
      const once = edited(CENTOS, section, packages)
      expect(excludeWith(once, section, packages)).toBeNull()
      const others = (text: string): string[] => text.split('\n').filter((line) => !/exclude|php/.test(line))
      expect(others(once)).toEqual(others(CENTOS))
    }),
  )
})

test('an apt pin', () => {
  expect(pinText(PACKAGES, 'release o=Debian')).toMatchInlineSnapshot(`
    "# Kept apart by bringup: these come from a vendor.
    Package: pacemaker* corosync*
    Pin: release o=Debian
    Pin-Priority: -1
    "
  `)
})

describe('repositories', () => {
  const vars = (input: unknown) => packageSourcesVars.parse(input)
  test('of yum', () => {
    const { yum_repositories: found } = vars({
      yum_repositories: [
        {
          name: 'linux-ha',
          baseurl: ['https://a.example.org/', 'https://b.example.org/'],
          key_file: 'k.asc',
        },
      ],
    })
    expect(yumText(found[0]!, '/etc/pki/rpm-gpg/RPM-GPG-KEY-linux-ha')).toMatchInlineSnapshot(`
      "[linux-ha]
      name=linux-ha
      baseurl=https://a.example.org/
        https://b.example.org/
      enabled=1
      gpgcheck=1
      gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-linux-ha
      "
    `)
  })
  test('of apt', () => {
    const { apt_repositories: found } = vars({
      apt_repositories: [
        {
          name: 'vendor',
          uris: 'https://deb.example.org/',
          suites: 'bookworm',
          components: ['main'],
          key_file: 'k.asc',
        },
      ],
    })
    expect(aptText(found[0]!, '/etc/apt/keyrings/vendor.asc')).toMatchInlineSnapshot(`
      "Types: deb
      URIs: https://deb.example.org/
      Suites: bookworm
      Components: main
      Signed-By: /etc/apt/keyrings/vendor.asc
      "
    `)
  })
  test.each([
    [{ yum_repositories: [{ name: 'a', baseurl: 'https://a.example.org/' }] }, 'needs key_file'],
    [
      { apt_repositories: [{ name: 'a', uris: 'https://a.example.org/', suites: 'x', signed: false }] },
      'a suite needs components',
    ],
    [{ package_exclude: ['a b'] }, 'must be the name of a package'],
    [
      { yum_repositories: [{ name: '../a', baseurl: 'https://a.example.org/', signed: false }] },
      'name of the file',
    ],
  ])('what is refused: %j', (input, message) => {
    expect(packageSourcesVars.safeParse(input).error?.message).toContain(message)
  })
})
