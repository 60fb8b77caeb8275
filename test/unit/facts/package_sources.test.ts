import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePackageSources, placeOf } from '../../../src/facts/package_sources.ts'

const EL = { architecture: 'x86_64', os: { version: '9.4' } }

/** As grep prints them. */
const sources = (files: Readonly<Record<string, string>>, platform = EL): string[] =>
  parsePackageSources(
    Object.entries(files).flatMap(([path, text]) => text.split('\n').map((line) => `${path}:${line}`)),
    platform,
  )

describe('apt', () => {
  test('sources of one line', () => {
    const text = `deb http://deb.example.org/debian bookworm main
deb-src [ arch=amd64 signed-by=/usr/share/keyrings/a.gpg ] https://src.example.org/debian bookworm main
deb [trusted=yes] http://user:s3cret@mirror.example.org:3142/debian ./
  deb\tHTTP://Upper.Example.org:80/debian bookworm main
deb cdrom:[Debian GNU/Linux 12]/ bookworm main
deb file:/srv/repo ./
deb copy:///srv/repo ./
deb mirror://lists.example.org/mirrors.txt bookworm main
deb mirror+https://lists2.example.org/mirrors.txt bookworm main
deb mirror+file:/etc/apt/mirrors/debian.list bookworm main
deb tor+https://onion.example.org/debian bookworm main
deb http://[2001:db8::1]/debian bookworm main
deb http://[2001:db8::1]:8080/debian bookworm main
http://no-deb-before.example.org/
deb`
    expect(sources({ '/etc/apt/sources.list': text })).toEqual([
      '[2001:db8::1]',
      '[2001:db8::1]:8080',
      'deb.example.org',
      'lists.example.org',
      'lists2.example.org',
      'mirror.example.org:3142',
      'onion.example.org',
      'src.example.org',
      'upper.example.org',
    ])
  })

  test('stanzas, those that are switched off left out; files end stanzas', () => {
    const one = `Types: deb
URIs: http://one.example.org/debian
 https://two.example.org/debian
Suites: bookworm

Enabled: no
URIs: http://off.example.org/
`
    const two = `uris: http://three.example.org/ http://four.example.org:8080/\nEnabled: yes`
    expect(
      sources({ '/etc/apt/sources.list.d/a.sources': one, '/etc/apt/sources.list.d/b.sources': two }),
    ).toEqual(['four.example.org:8080', 'one.example.org', 'three.example.org', 'two.example.org'])
  })

  test('lists of mirrors', () => {
    const text = 'http://near.example.org/debian\tpriority:1\nhttps://far.example.org/debian'
    expect(sources({ '/etc/apt/mirrors/debian.list': text })).toEqual(['far.example.org', 'near.example.org'])
  })
})

describe('dnf and yum', () => {
  test('repositories, those that are switched off left out', () => {
    const text = `[base]
name=Base of http://name.example.org
baseurl=http://one.example.org/$releasever/os, ftp://old.example.org/
   https://two.example.org:8443/os
enabled = 1
gpgkey=file:///etc/pki/key https://keys.example.org/key
[lists]
mirrorlist = https://lists.example.org/?release=$releasever
[links]
metalink=https://links.example.org/metalink?repo=a
[off]
enabled=0
baseurl=http://off.example.org/`
    expect(sources({ '/etc/yum.repos.d/base.repo': text })).toEqual([
      'keys.example.org',
      'links.example.org',
      'lists.example.org',
      'one.example.org',
      'two.example.org:8443',
    ])
  })

  test('variables in names of hosts', () => {
    const text = `[base]
baseurl=http://el$releasever.$basearch.example.org/ http://\${infra}.example.org/ http://$unknown.example.org/
  http://$loop.example.org/`
    expect(
      sources({
        '/etc/yum.repos.d/base.repo': text,
        '/etc/dnf/vars/infra': 'stock',
        '/etc/yum/vars/loop': '$loop',
      }),
    ).toEqual(['el9.4.x86_64.example.org', 'el9.x86_64.example.org', 'stock.example.org'])
  })
})

test('whatever stands there, what comes out is a host with or without a port, and no password', () => {
  const url = fc
    .tuple(fc.constantFrom('http', 'https'), fc.webAuthority({ withUserInfo: true, withPort: true }))
    .map(([scheme, authority]) => `${scheme}://${authority}/`)
  fc.assert(
    fc.property(fc.oneof(url, fc.webUrl(), fc.string()), (text) => {
      expect(placeOf(text) ?? 'none').toMatch(/^[^/@\s]+$/)
    }),
  )
})
