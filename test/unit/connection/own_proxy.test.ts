import { expect, test } from 'vitest'
import { ownProxy } from '../../../src/connection/own_proxy.ts'

const WEB = { scheme: 'http', host: 'packages.example.org', port: 80 } as const
const TLS = { scheme: 'https', host: 'packages.example.org', port: 443 } as const

test.each([
  ['nothing set', WEB, {}, null],
  ['http_proxy', WEB, { http_proxy: 'http://p:3128' }, 'http://p:3128/'],
  ['http_proxy without a scheme', WEB, { http_proxy: 'p:3128' }, 'http://p:3128/'],
  ['http_proxy, for https', TLS, { http_proxy: 'http://p:3128' }, null],
  ['HTTP_PROXY, which may be a header', WEB, { HTTP_PROXY: 'http://p:3128' }, null],
  ['https_proxy', TLS, { https_proxy: 'http://p:3128' }, 'http://p:3128/'],
  ['HTTPS_PROXY', TLS, { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128/'],
  ['all_proxy', TLS, { all_proxy: 'http://p:3128' }, 'http://p:3128/'],
  ['an empty one', WEB, { http_proxy: '' }, null],
  ['a SOCKS proxy, which is not understood', WEB, { http_proxy: 'socks5://p:1080' }, null],
  ['no_proxy with the name', WEB, { http_proxy: 'p', no_proxy: 'localhost, packages.example.org' }, null],
  ['no_proxy with the domain', WEB, { http_proxy: 'p', no_proxy: '.example.org' }, null],
  ['no_proxy with the bare domain', WEB, { http_proxy: 'p', NO_PROXY: 'example.org' }, null],
  ['no_proxy with the end of a word', WEB, { http_proxy: 'p', no_proxy: 'bian.org' }, 'http://p/'],
  ['no_proxy with another port', WEB, { http_proxy: 'p', no_proxy: 'example.org:8080' }, 'http://p/'],
  ['no_proxy with the port', WEB, { http_proxy: 'p', no_proxy: 'example.org:80' }, null],
  ['no_proxy for all', WEB, { http_proxy: 'p', no_proxy: '*' }, null],
  ['no_proxy with IPv6', { ...WEB, host: 'fd00::1' }, { http_proxy: 'p', no_proxy: 'fd00::1' }, null],
])('%s', (_, to, environment, expected) => {
  expect(ownProxy(to, environment)?.href ?? null).toBe(expected)
})
