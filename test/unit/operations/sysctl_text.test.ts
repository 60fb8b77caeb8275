import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sysctlPath, withSysctls } from '../../../src/operations/sysctl_text.ts'

test.each([
  ['net.ipv4.ip_forward', '/proc/sys/net/ipv4/ip_forward'],
  ['net/ipv4/ip_forward', '/proc/sys/net/ipv4/ip_forward'],
  ['net/ipv4/conf/eth0.5/forwarding', '/proc/sys/net/ipv4/conf/eth0.5/forwarding'],
  ['net.ipv4.conf.eth0/5.forwarding', '/proc/sys/net/ipv4/conf/eth0.5/forwarding'],
  ['-vm.swappiness', '/proc/sys/vm/swappiness'],
  ['kernel', '/proc/sys/kernel'],
])('%s is %s', (key, path) => {
  expect(sysctlPath(key)).toBe(path)
})

test.each([
  ['a new file', '', { 'net.a': '1' }, 'net.a = 1\n'],
  ['a line is added', '# ours\nnet.b=2\n', { 'net.a': '1' }, '# ours\nnet.b=2\nnet.a = 1\n'],
  ['a line is changed', 'net.b=2\n net/a = 0\n', { 'net.a': '1' }, 'net.b=2\nnet/a = 1\n'],
  ['a line is right', 'net.a=1   2\n', { 'net.a': '1 2' }, 'net.a=1   2\n'],
  ['the last of several stays', 'net.a=0\nnet.b=2\nnet.a=1\n', { 'net.a': '1' }, 'net.b=2\nnet.a=1\n'],
  ['a line goes', 'net.a=0\nnet.b=2', { 'net.a': null }, 'net.b=2\n'],
  ['comments are no settings', '#net.a=1\n;net.a=1\n', { 'net.a': '1' }, '#net.a=1\n;net.a=1\nnet.a = 1\n'],
])('%s', (_, text, values, expected) => {
  expect(withSysctls(text, values)).toBe(expected)
})

test('a text that is right is left as it is', () => {
  const line = fc.constantFrom('net.a=1', 'net.a = 2', 'net/a=3', '# c', '', 'net.b = 1\t2', 'odd')
  const values = fc.dictionary(
    fc.constantFrom('net.a', 'net/b', 'vm.c'),
    fc.option(fc.constantFrom('1', '1 2')),
  )
  fc.assert(
    fc.property(fc.array(line), values, (lines, wanted) => {
      const once = withSysctls(lines.join('\n'), wanted)
      expect(withSysctls(once, wanted)).toBe(once)
    }),
  )
})
