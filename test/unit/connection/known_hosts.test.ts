import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { judge, knownHostLine, knownTypes, parseKnownHosts } from '../../../src/connection/known_hosts.ts'

const A = 'AAAAC3NzaC1lZDI1NTE5AAAAIA'
const B = 'AAAAC3NzaC1lZDI1NTE5AAAAIB'

describe('judge', () => {
  test.each([
    ['a plain name', `web ssh-ed25519 ${A}`, 'web', 22, A, 'trusted'],
    ['a name in other letters', `Web ssh-ed25519 ${A}`, 'WEB', 22, A, 'trusted'],
    ['one of several names', `web,10.0.0.1 ssh-ed25519 ${A}`, '10.0.0.1', 22, A, 'trusted'],
    ['a name with a comment behind the key', `web ssh-ed25519 ${A} me@here`, 'web', 22, A, 'trusted'],
    ['no line at all', '', 'web', 22, A, 'unknown'],
    ['a comment', `# web ssh-ed25519 ${A}`, 'web', 22, A, 'unknown'],
    ['half a line', 'web ssh-ed25519', 'web', 22, A, 'unknown'],
    ['another key', `web ssh-ed25519 ${B}`, 'web', 22, A, 'changed'],
    ['another key type', `web ssh-rsa ${B}`, 'web', 22, A, 'changed'],
    ['two lines, the second right', `web ssh-ed25519 ${B}\nweb ssh-ed25519 ${A}`, 'web', 22, A, 'trusted'],
    ['a wildcard', `*.example.org ssh-ed25519 ${A}`, 'web.example.org', 22, A, 'trusted'],
    ['a wildcard that is too short', `*.example.org ssh-ed25519 ${A}`, 'example.org', 22, A, 'unknown'],
    ['a question mark', `web? ssh-ed25519 ${A}`, 'web1', 22, A, 'trusted'],
    ['a dot, which is no wildcard', `a.b ssh-ed25519 ${A}`, 'axb', 22, A, 'unknown'],
    ['an exception', `*.org,!web.org ssh-ed25519 ${A}`, 'web.org', 22, A, 'unknown'],
    ['a port', `[web]:2222 ssh-ed25519 ${A}`, 'web', 2222, A, 'trusted'],
    ['a port, on another', `[web]:2222 ssh-ed25519 ${A}`, 'web', 22, A, 'unknown'],
    ['a port, of which only the plain name is known', `web ssh-ed25519 ${A}`, 'web', 2222, A, 'trusted'],
    ['a port, where the plain name has another key', `web ssh-ed25519 ${B}`, 'web', 2222, A, 'unknown'],
    ['a port with another key than before', `[web]:2222 ssh-ed25519 ${B}`, 'web', 2222, A, 'changed'],
    ['a revoked key', `web ssh-ed25519 ${A}\n@revoked * ssh-ed25519 ${A}`, 'web', 22, A, 'revoked'],
    ['another revoked key', `web ssh-ed25519 ${A}\n@revoked * ssh-ed25519 ${B}`, 'web', 22, A, 'trusted'],
    ['a certificate authority', `@cert-authority * ssh-ed25519 ${A}`, 'web', 22, A, 'unknown'],
    ['IPv6', `fe80::1 ssh-ed25519 ${A}`, 'fe80::1', 22, A, 'trusted'],
    ['IPv6 with a port', `[fe80::1]:2222 ssh-ed25519 ${A}`, 'fe80::1', 2222, A, 'trusted'],
  ])('%s', (_, text, host, port, base64, verdict) => {
    const found = judge(parseKnownHosts(text, 'known_hosts'), host, port, { type: 'ssh-ed25519', base64 })
    expect(found.verdict).toBe(verdict)
  })

  test('points at the line that would have to be replaced', () => {
    const entries = parseKnownHosts(
      `\n# one\nweb ssh-rsa ${B}\nweb ssh-ed25519 ${B}\n`,
      '/home/me/known_hosts',
    )
    expect(judge(entries, 'web', 22, { type: 'ssh-ed25519', base64: A })).toMatchObject({
      verdict: 'changed',
      entry: { file: '/home/me/known_hosts', line: 4 },
    })
  })

  test('understands what ssh-keygen hashes', () => {
    const directory = mkdtempSync(join(tmpdir(), 'known-hosts-'))
    try {
      const key = join(directory, 'key')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
      const [type = '', base64 = ''] = readFileSync(`${key}.pub`, 'utf8').split(' ')
      const file = join(directory, 'known_hosts')
      writeFileSync(file, `web ${type} ${base64}\n[db]:2222 ${type} ${base64}\n`)
      execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' })
      const entries = parseKnownHosts(readFileSync(file, 'utf8'), file)
      const verdict = (host: string, port: number): string =>
        judge(entries, host, port, { type, base64 }).verdict
      expect([verdict('web', 22), verdict('db', 2222), verdict('db', 22), verdict('other', 22)]).toEqual([
        'trusted',
        'trusted',
        'unknown',
        'unknown',
      ])
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

test.each([
  [false, 22, /^web ssh-ed25519 /],
  [false, 2222, /^\[web\]:2222 ssh-ed25519 /],
  [true, 2222, /^\|1\|\S+\|\S+ ssh-ed25519 /],
])('a line that was learned (hashed: %s, port %s) is known afterwards', (hash, port, shape) => {
  const key = { type: 'ssh-ed25519', base64: A }
  const line = knownHostLine('web', port, key, hash)
  expect(line).toMatch(shape)
  expect(judge(parseKnownHosts(line, 'f'), 'web', port, key).verdict).toBe('trusted')
})

test('the types of known keys, those of the port before those of the plain name', () => {
  const entries = parseKnownHosts(`[web]:2222 ssh-rsa ${A}\nweb ssh-ed25519 ${B}\n`, 'f')
  expect([
    knownTypes(entries, 'web', 2222),
    knownTypes(entries, 'web', 22),
    knownTypes(entries, 'web', 23),
  ]).toEqual([['ssh-rsa'], ['ssh-ed25519'], ['ssh-ed25519']])
})
