import { homedir, userInfo } from 'node:os'
import { describe, expect, test } from 'vitest'
import { parseSshConfig } from '../../../src/connection/ssh_config.ts'
import { parseHop, resolveTarget } from '../../../src/connection/target.ts'
import type { TargetSettings } from '../../../src/connection/target.ts'

const BARE: TargetSettings = {
  address: 'web',
  port: null,
  user: null,
  identityFile: null,
  jump: null,
  proxyCommand: null,
  knownHosts: null,
}

/** As `ssh -G` prints it, abridged. */
const CONFIG = parseSshConfig(`host web
user deploy
hostname 10.0.0.5
port 2222
hashknownhosts yes
identitiesonly yes
stricthostkeychecking true
identityfile ~/.ssh/id_deploy
identityfile /keys/%r@%h
userknownhostsfile /home/me/.ssh/known_hosts "/home/me/with space"
globalknownhostsfile /etc/ssh/ssh_known_hosts
proxyjump bastion
identityagent SSH_AUTH_SOCK
`)

describe('without a word from ssh', () => {
  const target = resolveTarget(BARE, new Map(), { SSH_AUTH_SOCK: '/run/agent' })

  test('OpenSSH’s own defaults hold', () => {
    expect(target).toEqual({
      name: 'web',
      address: 'web',
      port: 22,
      user: userInfo().username,
      identityFile: null,
      identityFiles: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => `${homedir()}/.ssh/${name}`),
      identitiesOnly: false,
      agent: '/run/agent',
      keyName: 'web',
      knownHosts: [`${homedir()}/.ssh/known_hosts`, '/etc/ssh/ssh_known_hosts'],
      hashKnownHosts: false,
      acceptNew: false,
      jumps: [],
      proxyCommand: null,
    })
  })
})

test('what ssh says is taken', () => {
  expect(resolveTarget(BARE, CONFIG, {})).toEqual({
    name: 'web',
    address: '10.0.0.5',
    port: 2222,
    user: 'deploy',
    identityFile: null,
    identityFiles: [`${homedir()}/.ssh/id_deploy`, '/keys/deploy@10.0.0.5'],
    identitiesOnly: true,
    agent: null,
    keyName: '10.0.0.5',
    knownHosts: ['/home/me/.ssh/known_hosts', '/home/me/with space', '/etc/ssh/ssh_known_hosts'],
    hashKnownHosts: true,
    acceptNew: false,
    jumps: ['bastion'],
    proxyCommand: null,
  })
})

test('the inventory wins', () => {
  const settings = {
    ...BARE,
    port: 22,
    user: 'root',
    identityFile: '~/lab_key',
    jump: 'a, b@c:3',
    knownHosts: '/lab/known_hosts',
  }
  expect(resolveTarget(settings, CONFIG, {})).toMatchObject({
    port: 22,
    user: 'root',
    identityFile: `${homedir()}/lab_key`,
    knownHosts: ['/lab/known_hosts'],
    jumps: ['a', 'b@c:3'],
  })
})

test.each([
  ['the inventory’s proxy command, tokens filled in', { proxyCommand: 'nc %h %p # %r %n %%' }, ''],
  ['the configuration’s', {}, 'proxycommand nc %h %p # %r %n %%'],
])('%s', (_, settings, line) => {
  const config = parseSshConfig(`hostname 10.0.0.5\nuser deploy\nport 2222\n${line}\n`)
  const target = resolveTarget({ ...BARE, ...settings }, config, {})
  expect([target.proxyCommand, target.jumps]).toEqual(['nc 10.0.0.5 2222 # deploy web %', []])
})

test('a jump of the inventory takes the place of a configured proxy command', () => {
  const config = parseSshConfig('proxycommand nc %h %p\n')
  expect(resolveTarget({ ...BARE, jump: 'a' }, config, {})).toMatchObject({
    proxyCommand: null,
    jumps: ['a'],
  })
})

test.each([
  ['true', false],
  ['ask', false],
  ['accept-new', true],
  ['no', true],
  ['false', true],
])('StrictHostKeyChecking %s accepts new keys: %s', (word, accepted) => {
  expect(resolveTarget(BARE, parseSshConfig(`stricthostkeychecking ${word}`), {}).acceptNew).toBe(accepted)
})

test.each([
  ['none', null],
  ['SSH_AUTH_SOCK', '/run/agent'],
  ['$OTHER', '/run/other'],
  ['~/agent', `${homedir()}/agent`],
])('IdentityAgent %s', (word, socket) => {
  const environment = { SSH_AUTH_SOCK: '/run/agent', OTHER: '/run/other' }
  expect(resolveTarget(BARE, parseSshConfig(`identityagent ${word}`), environment).agent).toBe(socket)
})

test.each([
  ['bastion', { user: null, address: 'bastion', port: null }],
  ['me@bastion:2222', { user: 'me', address: 'bastion', port: 2222 }],
  ['ssh://me@bastion:2222/', { user: 'me', address: 'bastion', port: 2222 }],
  ['[fe80::1]:22', { user: null, address: 'fe80::1', port: 22 }],
  ['me@fe80::1', { user: 'me', address: 'fe80::1', port: null }],
  ['me@realm@bastion', { user: 'me@realm', address: 'bastion', port: null }],
])('the hop %s', (text, hop) => {
  expect(parseHop(text)).toEqual(hop)
})
