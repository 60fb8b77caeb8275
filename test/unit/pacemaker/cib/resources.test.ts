import { describe, expect, test } from 'vitest'
import { parseAdvice } from '../../../../src/pacemaker/agent_metadata.ts'
import { emptyCib } from '../../../../src/pacemaker/cib/empty.ts'
import { applyTo, compare, reconcile } from '../../../../src/pacemaker/cib/reconcile.ts'
import { Secret } from '../../../../src/secret.ts'
import { DUMMY, made, section, texts, wanted } from './wanted.ts'

const FILESYSTEM = `<resource-agent name="Filesystem"><actions>
  <action name="start" timeout="60s" />
  <action name="stop" timeout="60s" />
  <action name="notify" timeout="60s" />
  <action name="monitor" depth="0" timeout="40s" interval="20s" />
  <action name="monitor" depth="20" timeout="60s" interval="120s" />
  <action name="status" timeout="40s" interval="20s" />
  <action name="validate-all" timeout="5s" />
  <action name="meta-data" timeout="5s" />
</actions></resource-agent>`

const advice = (agent: string) => (agent === 'ocf:heartbeat:Filesystem' ? parseAdvice(FILESYSTEM) : undefined)

describe('operations that nobody declared', () => {
  const input = (operations: Record<string, string> = {}) =>
    wanted({ resources: { fs: { agent: 'ocf:heartbeat:Filesystem', operations } } })

  test('a new resource has those that its agent advises', () => {
    const cib = applyTo(emptyCib(), input({ monitor: '15s' }), advice)
    expect(section(cib, 'resources')).toMatchInlineSnapshot(`
      "<resources>
        <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem">
          <operations>
            <op id="fs-monitor-interval-15s" name="monitor" interval="15s" timeout="40s"/>
            <op id="fs-notify-interval-0s" name="notify" interval="0s" timeout="60s"/>
            <op id="fs-start-interval-0s" name="start" interval="0s" timeout="60s"/>
            <op id="fs-stop-interval-0s" name="stop" interval="0s" timeout="60s"/>
          </operations>
        </primitive>
      </resources>
      "
    `)
    expect(compare(input({ monitor: '15s' }), cib, advice)).toEqual([])
  })

  test('a purge does not take them away again', () => {
    const cib = applyTo(emptyCib(), input(), advice)
    expect(compare({ ...input(), purge: true }, cib, advice)).toEqual([])
  })

  test('a purge takes a monitor that is neither declared nor advised', () => {
    const cib = made({
      resources: {
        a: { ...DUMMY, operations: { monitor: [{ interval: '10s' }, { interval: '60s', role: 'Stopped' }] } },
      },
    })
    const once = { resources: { a: { ...DUMMY, operations: { monitor: '10s' } } } }
    expect(texts(cib, once)).toEqual([])
    expect(texts(cib, { ...once, purge: true })).toEqual(['a: remove operation monitor every 60s as Stopped'])
  })

  test('a resource that is there keeps its own', () => {
    const cib = made({ resources: { fs: { agent: 'ocf:heartbeat:Filesystem' } } })
    expect(compare(input(), cib, advice)).toEqual([])
  })

  test('a fence device only has its monitor, as with pcs', () => {
    const wantedFence = wanted({ resources: { f: { agent: 'stonith:fence_x' } } })
    const fence = applyTo(emptyCib(), wantedFence, () =>
      parseAdvice(
        '<resource-agent><actions><action name="monitor"/><action name="start" timeout="20s"/></actions></resource-agent>',
      ),
    )
    expect(section(fence, 'resources')).toContain('f-monitor-interval-60s')
    expect(section(fence, 'resources')).not.toContain('start')
  })
})

describe('pacemaker allows one operation of a name and interval', () => {
  const monitors = (...list: [string, ('Promoted' | 'Unpromoted')?][]) => ({
    resources: {
      a: { ...DUMMY, operations: { monitor: list.map(([interval, role]) => ({ interval, role })) } },
    },
  })
  test.each([
    [monitors(['10s']), monitors(['20s']), ['a: operation monitor interval 10s → 20s']],
    [monitors(['10s']), monitors(['10000ms']), []],
    [monitors(['10s']), monitors(['10s', 'Promoted']), ['a: operation monitor role (unset) → Promoted']],
    [monitors(['10s', 'Promoted']), monitors(['10s']), ['a: operation monitor role Promoted → Started']],
    [
      monitors(['10s', 'Promoted'], ['11s', 'Unpromoted']),
      monitors(['10s', 'Unpromoted'], ['11s', 'Promoted']),
      ['a: operation monitor role Promoted → Unpromoted', 'a: operation monitor role Unpromoted → Promoted'],
    ],
    [
      monitors(['10s', 'Promoted'], ['11s', 'Unpromoted']),
      monitors(['10s', 'Promoted'], ['12s', 'Unpromoted']),
      ['a: operation monitor interval 11s → 12s'],
    ],
    [monitors(['10s', 'Promoted']), monitors(['20s']), ['a: operation monitor every 20s']],
  ])('%j → %j', (before, after, expected) => {
    expect(texts(made(before), after)).toEqual(expected)
    expect(texts(applyTo(made(before), wanted(after)), after)).toEqual([])
  })
})

test('an operation that is unset is as its default', () => {
  const cib = made({ resources: { a: { ...DUMMY, operations: { monitor: '10s' } } } })
  const timeout = (value: string, operation_defaults = {}) =>
    texts(cib, {
      operation_defaults,
      resources: {
        a: { ...DUMMY, operations: { monitor: { interval: '10s', timeout: value, enabled: true } } },
      },
    })
  expect(timeout('20s')).toEqual([])
  expect(timeout('30s')).toEqual(['a: operation monitor timeout (unset) → 30s'])
  expect(timeout('30s', { timeout: '30s' })).toEqual(['operation default: timeout 30s'])
})

test('a check level is an option of the operation', () => {
  const at = (level: number) => ({
    resources: {
      a: { ...DUMMY, operations: { monitor: { interval: '10s', options: { OCF_CHECK_LEVEL: level } } } },
    },
  })
  const cib = made(at(10))
  expect(section(cib, 'resources')).toContain(
    '<nvpair id="a-monitor-interval-10s-instance_attributes-OCF_CHECK_LEVEL" name="OCF_CHECK_LEVEL" value="10"/>',
  )
  expect(texts(cib, at(20))).toEqual(['a: operation monitor OCF_CHECK_LEVEL 10 → 20'])
})

describe('options', () => {
  const live = made({
    resources: { vip: { agent: 'ocf:heartbeat:IPaddr2', options: { ip: '10.0.0.1', nic: 'eth0' } } },
  })
  const options = (given: Record<string, string | null | Secret>) => ({
    resources: { vip: { agent: 'ocf:heartbeat:IPaddr2', options: given } },
  })

  test.each([
    ['what is not mentioned stays', options({ ip: '10.0.0.1' }), []],
    ['another value', options({ ip: '10.0.0.2' }), ['vip: ip 10.0.0.1 → 10.0.0.2']],
    ['one more', options({ cidr_netmask: '24' }), ['vip: cidr_netmask 24']],
    ['null takes away', options({ nic: null }), ['vip: nic eth0 → (unset)']],
    ['null for what is not there', options({ bar: null }), []],
    ["an agent's options are compared by spelling", options({ nic: 'ETH0' }), ['vip: nic eth0 → ETH0']],
    ['purge', { ...options({ ip: '10.0.0.1' }), purge: true }, ['vip: nic eth0 → (unset)']],
    [
      'another agent',
      { resources: { vip: { agent: 'ocf:heartbeat:IPaddr' } } },
      ['vip: agent ocf:heartbeat:IPaddr2 → ocf:heartbeat:IPaddr (it is stopped, and started anew)'],
    ],
  ])('%s', (_name, input, expected) => {
    expect(texts(live, input)).toEqual(expected)
    expect(texts(applyTo(live, wanted(input)), input)).toEqual([])
  })

  test('a secret shows nowhere', () => {
    const fence = (password: string | Secret) => ({
      resources: { f: { agent: 'stonith:fence_ipmilan', options: { password, community: 'hunter2x' } } },
    })
    const live = made(fence('old-password'))
    const { cib, differences } = reconcile(live, wanted(fence(new Secret('new-password'))))
    expect(differences.map(({ text }) => text)).toEqual(['f: password changed (•••)'])
    expect(section(cib, 'resources')).toContain('value="new-password"')
    expect(texts(emptyCib(), fence(new Secret('new-password'))).join()).not.toContain('password')
  })
})

describe('groups', () => {
  const abc = { a: DUMMY, b: DUMMY, c: DUMMY }
  const live = made({ resources: { ...abc, x: DUMMY }, groups: { g: ['a', 'x', 'b'] } })
  const members = (cib: Parameters<typeof section>[0]) =>
    [...section(cib, 'resources').matchAll(/<(group|clone|primitive) id="([^"]*)"/g)].map((found) => found[2])

  test.each([
    ['as it is', { groups: { g: ['a', 'b'] } }, [], ['c', 'g', 'a', 'x', 'b']],
    [
      'another order',
      { groups: { g: ['b', 'a'] } },
      ['group g: order a, b → b, a'],
      ['c', 'g', 'b', 'x', 'a'],
    ],
    ['one more, first', { groups: { g: ['c', 'a', 'b'] } }, ['group g: add c'], ['g', 'c', 'x', 'a', 'b']],
    ['moved to another', { groups: { h: ['b'] } }, ['create group h of b'], ['c', 'g', 'a', 'x', 'h', 'b']],
    [
      'the last ones moved',
      { groups: { h: ['a', 'x', 'b'] } },
      ['remove group g, which is empty', 'create group h of a, x, b'],
      ['c', 'h', 'a', 'x', 'b'],
    ],
    [
      'with meta and cloned',
      { groups: { g: { resources: ['a', 'b'], meta: { 'target-role': 'Started' }, clone: true as const } } },
      ['group g: meta: target-role Started', 'g: as clone g-clone'],
      ['c', 'g-clone', 'g', 'a', 'x', 'b'],
    ],
    [
      'purged',
      { resources: abc, groups: { g: ['a', 'b'] }, purge: true },
      ['remove resource x'],
      ['c', 'g', 'a', 'b'],
    ],
    [
      'the group purged',
      { resources: { ...abc, x: DUMMY }, purge: true },
      ['remove group g, keeping a, x, b'],
      ['c', 'a', 'x', 'b'],
    ],
  ])('%s', (_name, input, expected, order) => {
    const cib = applyTo(live, wanted(input))
    expect(texts(live, input)).toEqual(expected)
    expect(members(cib)).toEqual(order)
    expect(texts(cib, input)).toEqual([])
  })
})

describe('clones', () => {
  const plain = made({ resources: { a: DUMMY } })
  const cloned = made({ resources: { a: { ...DUMMY, clone: { meta: { interleave: true } } } } })

  test.each([
    ['made', plain, { clone: true as const }, ['a: as clone a-clone']],
    ['there', cloned, { clone: true as const }, []],
    ['not mentioned', cloned, {}, []],
    ['another meta', cloned, { clone: { meta: { 'clone-max': 2 } } }, ['a-clone: clone-max 2']],
    ['promotable too', cloned, { promotable: true as const }, ['a-clone: promotable true']],
  ])('%s', (_name, live, copies, expected) => {
    const input = { resources: { a: { ...DUMMY, ...copies } } }
    expect(texts(live, input)).toEqual(expected)
    expect(texts(applyTo(live, wanted(input)), input)).toEqual([])
  })

  test('a purge keeps no clone that is not mentioned, and no meta of one that is', () => {
    expect(texts(cloned, { resources: { a: DUMMY }, purge: true })).toEqual(['a: no longer cloned (a-clone)'])
    expect(texts(cloned, { resources: { a: { ...DUMMY, clone: true } }, purge: true })).toEqual([
      'a-clone: interleave true → (unset)',
    ])
  })
})

test("an operator's hold stays, purge or not, unless it is mentioned", () => {
  const held = made({ resources: { a: { ...DUMMY, meta: { 'target-role': 'Stopped', priority: 5 } } } })
  expect(texts(held, { resources: { a: DUMMY }, purge: true })).toEqual(['a: meta: priority 5 → (unset)'])
  expect(texts(held, { resources: { a: { ...DUMMY, meta: { 'target-role': 'Started' } } } })).toEqual([
    'a: meta: target-role Stopped → Started',
  ])
})
