import { describe, expect, test } from 'vitest'
import { actionText, parseSimulation } from '../../../src/pacemaker/crm_simulate.ts'
import { fixture, PACEMAKERS } from './fixture.ts'

describe.each(PACEMAKERS)('crm_simulate of pacemaker %s', (version) => {
  const would = (what: string) =>
    parseSimulation(fixture(`pacemaker-${version}/simulate-${what}.txt`)).map(actionText)

  test.each(['change', 'move', 'none', 'fence', 'standby'])('%s', (what) => {
    expect(would(what)).toMatchSnapshot()
  })

  test('nothing is left untold', () => {
    for (const what of ['change', 'move', 'fence', 'standby']) {
      const output = fixture(`pacemaker-${version}/simulate-${what}.txt`)
      const lines = output
        .split(/Executing [Cc]luster/)[0]!
        .split('Transition Summary:')[1]!
        .trim()
        .split('\n')
      expect(would(what)).toHaveLength(lines.length)
      expect(would(what).join()).not.toContain('would do')
    }
  })
})

/** Lines from pacemaker's own scheduler tests (cts/scheduler/summary). */
test.each([
  [' * Start      vip     ( server1 )', 'would start vip on server1'],
  [
    ' * Restart    web     ( server1 )  due to resource definition change',
    'would restart web on server1, because of: resource definition change',
  ],
  [' * Recover    vip     (   server1 -> server2 )', 'would recover vip of server1 on server2'],
  [' * Recover    vip     ( server1 )', 'would recover vip on server1'],
  [' * Migrate    vm      ( server1 -> server2 )', 'would migrate vm live from server1 to server2'],
  [' * Promote    db:0    ( Stopped -> Promoted server1 )', 'would promote db on server1'],
  [' * Demote     db:0    ( Master -> Slave server1 )', 'would demote db on server1'],
  [' * Move       db:0    ( Promoted server1 -> server2 )', 'would move db from server1 to server2'],
  [" * Fence (off) server2 'peer is unclean'", 'would fence server2 (off), because of: peer is unclean'],
  [' * Fence (reboot) server2', 'would fence server2 (reboot)'],
  [' * Start      vip     ( server1 -> server2 )', 'would do: Start      vip     ( server1 -> server2 )'],
  [' * Shutdown server2', 'would do: Shutdown server2'],
])('%s', (line, expected) => {
  expect(
    parseSimulation(`Transition Summary:\n${line}\n\nExecuting cluster transition:\n`).map(actionText),
  ).toEqual([expected])
})

test('output without a summary has no actions', () => {
  expect(parseSimulation('Current cluster status:\n * Online: [ server1 ]\n')).toEqual([])
})
