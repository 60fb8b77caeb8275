import fc from 'fast-check'
import { expect, test } from 'vitest'
import { claimText, holderText, ownClaim, parseHolder } from '../../../src/connection/lock_claim.ts'

const claim = { by: 'root@desk', pid: 4711, run: '2026-11-21', playbook: 'site.yml', token: 't-1' }
const since = new Date('2026-11-21T05:10:07.123Z')

test('a lock file says who holds it, to people and to programs', () => {
  const text = `${claimText(claim, 'server1', since)}shell: 99\n`
  expect(text).toMatchInlineSnapshot(`
    "by: root@desk
    pid: 4711
    run: 2026-11-21
    playbook: site.yml
    since: 2026-11-21T05:10:07Z
    node: server1
    token: t-1
    shell: 99
    "
  `)
  expect(holderText(parseHolder(text))).toMatchInlineSnapshot(
    `"root@desk (process 4711), site.yml, run 2026-11-21, since 2026-11-21T05:10:07Z"`,
  )
})

test.each(['', 'nonsense', 'pid: 1\n'])('one that says nothing is of an unknown run: %j', (text) => {
  expect(holderText(parseHolder(text))).toBe('an unknown run')
})

test('names of files can not make it say something else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (playbook, by) => {
      const holder = parseHolder(claimText({ ...claim, playbook, by }, 'server1', since))
      expect(holder).toMatchObject({ node: 'server1', token: 't-1', pid: '4711', shell: '' })
      if (/^[\w. /]*$/.test(playbook)) expect(holder.playbook).toBe(playbook)
    }),
  )
  const playbook = 'a\ntoken: other\nshell: 1'
  expect(parseHolder(claimText({ ...claim, playbook }, 'server1', since)).token).toBe('t-1')
})

test('each run has a claim of its own', () => {
  const [one, two] = [ownClaim(claim), ownClaim(claim)]
  expect(one).toMatchObject({ run: '2026-11-21', playbook: 'site.yml', pid: process.pid })
  expect(one.by).toMatch(/^.+@.+$/)
  expect(one.token).not.toBe(two.token)
})
