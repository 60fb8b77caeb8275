import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change, Plan } from '../../../../src/cluster/day_two/change.ts'
import { planChange } from '../../../../src/cluster/day_two/plan.ts'
import { BringupError } from '../../../../src/errors.ts'
import { withPreference } from '../../../../src/pacemaker/cib/edit.ts'
import { parseXml, renderXml } from '../../../../src/pacemaker/xml.ts'
import { stateOf } from './state.ts'

const NOW = new Date('2026-11-22T06:00:00Z')
const STATE = stateOf()
const plan = (change: Change, state = STATE): Plan => planChange(change, state, NOW)
const move = (resource: string, to?: string, lifetime?: number): Change => ({
  kind: 'move',
  resource,
  to,
  lifetime,
})
const held = (on: boolean, of: { node?: string; resource?: string } = {}): Change => ({
  kind: 'maintenance',
  on,
  node: of.node,
  resource: of.resource,
})
const commandsOf = (done: Plan): string[] =>
  'met' in done ? [`met: ${done.met}`] : done.commands.map((words) => words.join(' '))

function refusal(change: Change, state = STATE): string {
  try {
    plan(change, state)
  } catch (error) {
    if (error instanceof BringupError && error.code === 'REFUSED')
      return [error.message, error.details.seen, error.details.expected, error.details.remedy].join('\n')
    throw error
  }
  throw new Error('it was not refused')
}

describe('what is done', () => {
  test.each<[string, Change, string[]]>([
    [
      'standby',
      { kind: 'standby', node: 'server1' },
      ['crm_attribute --node server1 --name standby --update on'],
    ],
    ['unstandby', { kind: 'unstandby', node: 'server1' }, ['met: server1 is not in standby']],
    [
      'a move to a node, for two hours',
      move('vip', 'server3', 7200),
      ['crm_resource --move --resource vip --node server3 --lifetime PT7200S'],
    ],
    ['a move off a node', move('webgrp'), ['crm_resource --ban --resource webgrp --node server2']],
    [
      'a move of a promoted instance',
      move('db-clone', 'server1'),
      ['crm_resource --move --resource db-clone --node server1 --promoted'],
    ],
    [
      'a move that was made',
      move('vip'),
      [
        'met: vip was moved off server2 already, and runs on server1 (cli-ban-vip-on-server2); to move it on, say --to NODE, or clear it first',
      ],
    ],
    ['a move to where it is', move('vip', 'server1'), ['met: vip runs on server1 already']],
    ['clear', { kind: 'clear', resource: 'vip' }, ['crm_resource --clear --resource vip']],
    [
      'clear of nothing',
      { kind: 'clear', resource: 'off' },
      ['met: no move or ban of off has left a constraint'],
    ],
    ['maintenance', held(true), ['crm_attribute --name maintenance-mode --update true']],
    ['no maintenance', held(false), ['met: the cluster is not in maintenance']],
    [
      'maintenance of a node',
      held(true, { node: 'server2' }),
      ['crm_attribute --node server2 --name maintenance --update true'],
    ],
    [
      'maintenance of a group',
      held(true, { resource: 'webgrp' }),
      ['crm_resource --resource webgrp --meta --set-parameter maintenance --parameter-value true'],
    ],
  ])('%s', (_what, change, commands) => expect(commandsOf(plan(change))).toEqual(commands))

  test('before 2.1 the promoted instance is the master', () => {
    const [command = ''] = commandsOf(
      plan(move('db-clone', 'server1'), stateOf({ version: '2.0.5-ba59be712' })),
    )
    expect(command).toContain('--master')
  })

  test('off standby takes both lifetimes away', () => {
    const state = stateOf({}, { server2: { standby: true } })
    expect(commandsOf(plan({ kind: 'unstandby', node: 'server2' }, state))).toEqual([
      'crm_attribute --node server2 --name standby --delete',
      'crm_attribute --node server2 --name standby --lifetime reboot --delete',
    ])
  })

  test('the ban of a move whose time is over does not count', () => {
    const state = stateOf()
    const cib = renderXml(state.cib).replace(
      '<rsc_location id="cli-ban-vip-on-server2" rsc="vip" role="Started" node="server2" score="-INFINITY"/>',
      `<rsc_location id="cli-ban-vip-on-server2" rsc="vip"><rule id="r" score="-INFINITY"><expression id="e" attribute="#uname" operation="eq" value="server2"/><date_expression id="d" operation="lt" end="2026-11-22 05:59:59Z"/></rule></rsc_location>`,
    )
    expect(commandsOf(plan(move('vip'), state))).toEqual([expect.stringContaining('met: vip was moved off')])
    expect(commandsOf(plan(move('vip'), { ...state, cib: parseXml(cib) }))).toEqual([
      'crm_resource --ban --resource vip --node server1',
    ])
  })
})

describe('what is refused', () => {
  test.each<[string, Change, string]>([
    ['a node that is not', { kind: 'standby', node: 'servr1' }, 'did you mean "server1"?'],
    ['a resource that is not', move('vpi'), 'did you mean "vip"?'],
    ['a target that is not', move('vip', 'server9'), 'the cluster has no node server9'],
    ['clear of nobody', { kind: 'clear', resource: 'zzz' }, 'the cluster has no resource zzz'],
    ['cleanup of nobody', { kind: 'cleanup', resource: 'zzz', node: undefined }, 'no resource zzz'],
    ['cleanup nowhere', { kind: 'cleanup', resource: undefined, node: 'server9' }, 'no node server9'],
    ['maintenance of nobody', held(true, { resource: 'zzz' }), 'no resource zzz'],
    ['a part of a group', move('web'), 'bringup cluster move webgrp'],
    ['a part of a clone', move('db'), 'bringup cluster move db-clone'],
    ['a clone that runs everywhere', move('pinger-clone'), 'not in one place only'],
    ['a part of a clone in maintenance', held(true, { resource: 'db' }), '--resource db-clone'],
    ['what is disabled', move('off'), 'off runs nowhere'],
  ])('%s', (_what, change, said) => expect(refusal(change)).toContain(said))

  test.each(['standby', 'maintenance', 'pending', 'unclean'] as const)('a target that is %s', (state) => {
    expect(refusal(move('vip', 'server3'), stateOf({}, { server3: { [state]: true } }))).toContain(
      'nothing can move to server3',
    )
  })

  test('what the cluster does not manage', () => {
    expect(refusal(move('webgrp'), stateOf({ maintenance: true }))).toContain('does not manage anything')
    const { status } = stateOf()
    const resources = status.resources.map((one) => (one.id === 'web' ? { ...one, managed: false } : one))
    expect(refusal(move('webgrp'), stateOf({ resources }))).toContain('does not manage web')
  })

  test('every name that the cluster does not have, by a refusal that lists what it has', () => {
    const names = fc
      .stringMatching(/^[a-z][a-z0-9-]{0,11}$/)
      .filter((name) => !/^(vip|web|off|f1|db|pinger)/.test(name))
    fc.assert(
      fc.property(names, (name) => {
        for (const change of [
          move(name),
          { kind: 'clear', resource: name } as const,
          held(true, { resource: name }),
        ])
          expect(refusal(change)).toContain('one of vip, ')
        for (const change of [
          { kind: 'standby', node: name } as const,
          held(false, { node: name }),
          move('vip', name),
        ])
          expect(refusal(change)).toContain('one of server1, server2, server3')
      }),
    )
  })
})

test('what a plan changes in the CIB is not planned again', () => {
  const changes: fc.Arbitrary<Change> = fc.oneof(
    fc.constant(held(true)),
    fc.constantFrom('vip', 'webgrp', 'db-clone', 'off').map((resource) => held(true, { resource })),
    fc.constant<Change>({ kind: 'clear', resource: 'vip' }),
  )
  fc.assert(
    fc.property(changes, (change) => {
      const first = plan(change)
      if ('met' in first) throw new Error(first.met)
      expect(plan(change, { ...STATE, cib: first.cib })).toHaveProperty('met')
    }),
  )
  const drawn = withPreference(STATE.cib, { resource: 'vip', node: 'server3', promoted: false })
  expect(plan(move('vip', 'server1'), { ...STATE, cib: drawn })).toHaveProperty('met')
})
