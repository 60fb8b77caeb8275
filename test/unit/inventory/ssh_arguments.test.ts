import { expect, test } from 'vitest'
import { parseSshArguments } from '../../../src/inventory/ssh_arguments.ts'

test.each([
  ['', {}],
  ['-J admin@bastion:2222', { jump: 'admin@bastion:2222' }],
  ['-o ProxyJump=bastion', { jump: 'bastion' }],
  ['-oProxyJump=bastion -C -o ControlPersist=60s', { jump: 'bastion' }],
  ['-o ProxyCommand="ssh -W %h:%p -q bastion"', { proxyCommand: 'ssh -W %h:%p -q bastion' }],
  ["-o 'ProxyCommand ssh -W %h:%p bastion'", { proxyCommand: 'ssh -W %h:%p bastion' }],
  [
    '-o UserKnownHostsFile=known_hosts -i key -l root -p 2222',
    { knownHosts: 'known_hosts', identityFile: 'key', user: 'root', port: '2222' },
  ],
  ['-o StrictHostKeyChecking=yes -o serveraliveinterval=5', {}],
])('%s', (text, found) => expect(parseSshArguments(text)).toEqual(found))

test.each([
  ['-F ssh_config', 'a configuration file of ssh (-F)', /~\/\.ssh\/config/],
  ['-o StrictHostKeyChecking=no', 'StrictHostKeyChecking=no', /--accept-new/],
  ['-o StrictHostKeyChecking=accept-new', 'StrictHostKeyChecking=accept-new', /--accept-new/],
  ['-o PKCS11Provider=/lib/x.so', 'the ssh argument "-o PKCS11Provider=/lib/x.so"', /proxy_command/],
  ['-R 80:x:80', 'the ssh argument "-R"', /jump/],
  ['-o constructor=1', 'the ssh argument "-o constructor=1"', /jump/],
  ['-J', '-J without its value', /behind it/],
  ['-o "ProxyJump=x', 'a quote that is not closed', /Close/],
])('%s is refused: %s', (text, problem, remedy) =>
  expect(parseSshArguments(text)).toEqual({ problem, remedy: expect.stringMatching(remedy) as string }),
)
