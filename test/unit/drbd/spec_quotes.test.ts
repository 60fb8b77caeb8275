import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoteBareWords } from '../../../src/drbd/spec_quotes.ts'

test.each([
  ['%if %{x} == "y"', '%if "%{x}" == "y"'],
  ['%if %{x} == y', '%if "%{x}" == "y"'],
  ['%if y == %{x}', '%if "y" == "%{x}"'],
  ['%if %{x}==y', '%if "%{x}"=="y"'],
  ['%if "%{x}" == y', '%if "%{x}" == "y"'],
  ['%elif %{?x}%{!?x:no} != "no"', '%elif "%{?x}%{!?x:no}" != "no"'],
  ['%if  %{x}  ==  y  ', '%if  "%{x}"  ==  "y"  '],
  ['%if %{x} == y\r', '%if "%{x}" == "y"\r'],
  ['%if %(echo a b) == y', '%if "%(echo a b)" == "y"'],
  ['%if (%{x} == y && %{z} == 1) || !%{w}', '%if ("%{x}" == "y" && %{z} == 1) || !%{w}'],
  ['%if "y" == %{x} == %{z}', '%if "y" == "%{x}" == "%{z}"'],
  ['%if %{z} == %{x} == y', '%if "%{z}" == "%{x}" == "y"'],
  ['%if %{x} == y && %{z} != "w w"', '%if "%{x}" == "y" && "%{z}" != "w w"'],
])('%j becomes %j', (before, after) => {
  expect(quoteBareWords(`a\n${before}\nb\n`)).toEqual({ text: `a\n${after}\nb\n`, lines: 1 })
})

test.each([
  '%if %{with 84support}%{with 83support}',
  '%if %{?rhel}%{!?rhel:0} >= 8',
  '%if %{rhel} == 7',
  '%if 0%{?rhel} == 7 || 0%{?fedora} > 30',
  '%if 0%{!?initscripttype:1}',
  '%if %(test /sbin -ef /usr/sbin && echo 1 || echo 0)',
  '%if %(test "a" == b && echo 1)',
  '%if %{defined suse_version} && 0%{?suse_version} < 1550',
  '%if "%{x}" == "y"',
  '%if "%{x} == y" == "%{x} == y"',
  '%if %{x} == %{y}',
  '%ifarch %{ix86} x86_64',
  '## %if %{x} == y',
  'if %{x} == y',
  '[ %{x} == y ]',
  '%if == y',
  '%if %{x} ==',
])('%j stays', (line) => {
  expect(quoteBareWords(`${line}\n`)).toEqual({ text: `${line}\n`, lines: 0 })
})

test('any condition ends, and quoted again is as quoted once', () => {
  const part = fc.constantFrom(
    '%{x}',
    '%{?a:"b"}',
    '%(',
    ')',
    '(',
    '"',
    '"y"',
    'y',
    '7',
    '==',
    '!=',
    '&&',
    '!',
    ' ',
    '{',
    '}',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 15 }), (parts) => {
      const once = quoteBareWords(`%if ${parts.join('')}\n`).text
      expect(quoteBareWords(once)).toEqual({ text: once, lines: 0 })
    }),
  )
})
