import { describe, expect, test } from 'vitest'
import { mayGoOn, parseAnswer } from '../../../src/connection/lock_answer.ts'
import { claimText } from '../../../src/connection/lock_claim.ts'
import { lockedError } from '../../../src/connection/locked_error.ts'

const claim = { by: 'root@desk', pid: 1, run: 'r', playbook: 'site.yml', token: 'mine' }
const since = new Date('2026-11-21T05:10:07Z')
const told = (token: string, node: string): string =>
  `${claimText({ ...claim, token }, node, since)}shell: 99\n`
const answerTo = (text: string) => parseAnswer(text, claim, 'server1')

describe('what the host says', () => {
  test.each([
    ['held\n', { state: 'held' }, true],
    [
      `taken 77\n${told('theirs', 'server1')}`,
      { state: 'taken', end: '77', holder: { token: 'theirs' } },
      false,
    ],
    // A connection of our own that was lost.
    [
      `taken 77\n${told('mine', 'server1')}`,
      { state: 'taken', holder: { token: 'mine', shell: '99' } },
      false,
    ],
    // Two names of one machine.
    [`taken 77\n${told('mine', 'alias')}`, { state: 'shared', node: 'alias' }, true],
    ['taken \n', { state: 'taken', end: '', holder: { by: '', token: '' } }, false],
    ['impossible no flock there\n', { state: 'impossible', why: 'no flock there' }, true],
    ['sh: oops\n', { state: 'impossible', why: 'it said: sh: oops' }, true],
  ])('%j', (text, answer, goOn) => {
    expect(answerTo(text)).toMatchObject(answer)
    expect(mayGoOn(answerTo(text))).toBe(goOn)
  })

  test.each([
    [
      'the commands, not the shells that wait for them',
      'shell 10 sh \nchild 11 sh \nchild 14 tee /dev/null \nchild 12 apt-get install -y corosync \nchild 13 /usr/bin/dpkg --unpack \n',
      [
        { pid: 12, command: 'apt-get install -y corosync' },
        { pid: 13, command: '/usr/bin/dpkg --unpack' },
      ],
    ],
    ['the shells where there is nothing else', 'shell 10 sh \n', [{ pid: 10, command: 'sh' }]],
    ['nothing, when it ended in this moment', '', []],
  ])('while it is busy: %s', (_, lines, commands) => {
    expect(answerTo(`busy\n${lines}`)).toEqual({ state: 'busy', commands })
  })
})

const taken = answerTo(`taken 77\n${told('theirs', 'server1')}`)
const commands = [12, 13, 14, 15].map((pid) => `child ${pid} apt-get ${pid} \n`).join('')
const busy = answerTo(`busy\n${commands}`)
const shown = (...parameters: Parameters<typeof lockedError>): string => {
  const { message, code, details, exitCode } = lockedError(...parameters)
  return [`${message} [${code} ${exitCode}] ${details.host ?? ''}`, details.seen, details.remedy].join('\n')
}

test('a run that could not have its hosts says who has them, and what to do', () => {
  const refusals = [
    { node: 'server1', answer: taken },
    { node: 'server2', answer: busy },
  ]
  expect(shown(refusals, { begun: false })).toMatchInlineSnapshot(`
    "server1, server2 are locked by another run; nothing was changed [LOCKED 6] 
    server1: locked by root@desk (process 1), site.yml, run r, since 2026-11-21T05:10:07Z
    server2: still busy for a run that has died: process 12 (apt-get 12), process 13 (apt-get 13), process 14 (apt-get 14), 1 more
    Run again when it has ended, or wait longer for it with --wait SECONDS. If its controller is gone for good (a power cut), this frees the lock: \`kill 77\` on server1. If what is left of it hangs, this ends it, its work half done: \`kill 12 13 14 15\` on server2."
  `)
  expect(shown(refusals.slice(0, 1), { begun: true })).toMatchInlineSnapshot(`
    "server1 is locked by another run [LOCKED 6] server1
    server1: locked by root@desk (process 1), site.yml, run r, since 2026-11-21T05:10:07Z
    Run again when it has ended, or wait longer for it with --wait SECONDS. If its controller is gone for good (a power cut), this frees the lock: \`kill 77\` on server1."
  `)
  expect(shown(refusals.slice(1), { begun: false })).toMatchInlineSnapshot(`
    "server2 is not free: commands of a run that has died have not ended; nothing was changed [LOCKED 6] server2
    server2: still busy for a run that has died: process 12 (apt-get 12), process 13 (apt-get 13), process 14 (apt-get 14), 1 more
    Run again when it has ended, or wait longer for it with --wait SECONDS. If what is left of it hangs, this ends it, its work half done: \`kill 12 13 14 15\` on server2."
  `)
})
