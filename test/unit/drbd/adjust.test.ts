import { describe, expect, test } from 'vitest'
import { adjustSteps } from '../../../src/drbd/adjust.ts'

const dryRun = (...lines: string[]) => ({ exitCode: 0, stdout: lines.join('\n'), stderr: '' })
const steps = (lines: string[], isUp = true) => adjustSteps('r0', dryRun(...lines), isUp)

// As drbdadm 9.22.0 prints them for 8.4.11.
const NET =
  'drbdsetup-84 net-options ipv4:192.168.111.101:7788 ipv4:192.168.111.102:7788 --set-defaults --protocol=C'
const UP = [
  'drbdsetup-84 new-resource r0',
  'drbdsetup-84 new-minor r0 0 0',
  'drbdmeta 0 v08 /dev/vdb internal apply-al',
  'drbdsetup-84 attach 0 /dev/vdb /dev/vdb internal --on-io-error=detach',
  'drbdsetup-84 connect r0 ipv4:192.168.111.101:7788 ipv4:192.168.111.102:7788 --protocol=C',
]

describe('what a live resource takes', () => {
  test.each<[string, string[]]>([
    ['nothing to do', []],
    ['options of the connection', [NET]],
    ['options of the disk', ['drbdsetup-84 disk-options 0 --set-defaults --on-io-error=pass_on']],
    ['options of 9', ['drbdsetup resource-options r0 --set-defaults --quorum=majority']],
    [
      'another address',
      [
        'drbdsetup-84 disconnect ipv4:192.168.111.101:7788 ipv4:192.168.111.102:7788',
        'drbdsetup-84 connect r0 ipv4:192.168.111.101:7799 ipv4:192.168.111.102:7799',
      ],
    ],
    ['a disk that it had lost', UP.slice(2, 4)],
    ['one more volume', ['drbdsetup-84 new-minor r0 1 1', ...UP.slice(2, 4)]],
  ])('%s', (_what, lines) => {
    expect(steps(lines)).toMatchObject({ ok: true, steps: lines })
  })
})

describe('what adjust must not do to it', () => {
  test.each<[string, string[], string]>([
    ['another disk', ['drbdsetup-84 detach 0', ...UP.slice(2, 4)], 'detach 0'],
    [
      'another minor',
      ['drbdsetup-84 detach 0', 'drbdsetup-84 del-minor 0', 'drbdsetup-84 new-minor r0 3 0'],
      'detach 0',
    ],
    ['a volume less, without a disk', ['drbdsetup del-minor 1'], 'del-minor 1'],
    ['a peer less', ['drbdsetup del-peer r0 2'], 'del-peer r0 2'],
    ['all of it', ['drbdsetup down r0', ...UP], 'down r0'],
    ['metadata', ['drbdmeta 0 v08 /dev/vdb internal create-md'], 'create-md'],
    ['a word that is not known', ['drbdsetup repair r0'], 'repair r0'],
    ['a command that is not known', ['rm -rf /'], 'rm -rf'],
  ])('%s', (_what, lines, seen) => {
    expect(steps(lines)).toMatchObject({
      ok: false,
      refused: 'r0 is up, and this change cannot be made to it as it runs',
      seen: expect.stringContaining(seen) as string,
    })
  })
})

test('a connection that was given up is no change of the configuration', () => {
  expect(steps([NET, UP.at(-1)!])).toMatchObject({ ok: true, steps: [NET] })
  expect(steps([UP.at(-1)!])).toMatchObject({ ok: true, steps: [] })
  const peer = ['drbdsetup new-peer r0 2', 'drbdsetup new-path r0 2', 'drbdsetup connect r0 2']
  expect(steps(peer)).toMatchObject({ ok: true, steps: peer })
})

test('what is down is brought up as a whole', () => {
  expect(steps(UP, false)).toMatchObject({ ok: true, steps: UP })
})

test('a dry run that fails is no empty plan', () => {
  const said = {
    exitCode: 1,
    stdout: '',
    stderr: "'r0' not defined in your config (for this host).\n",
  }
  expect(adjustSteps('r0', said, true)).toMatchObject({
    ok: false,
    seen: expect.stringMatching(/no resource for this host.*\n'r0' not defined/) as string,
    remedy: 'Write the host after "on" as uname -n prints it.',
  })
})
