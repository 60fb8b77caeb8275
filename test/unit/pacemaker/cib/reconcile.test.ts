// oxlint-disable unicorn/no-thenable -- "then" is pacemaker's own word for what comes second, and a string
import { describe, expect, test } from 'vitest'
import { emptyCib } from '../../../../src/pacemaker/cib/empty.ts'
import { applyTo, compare, reconcile } from '../../../../src/pacemaker/cib/reconcile.ts'
import { child, renderXml } from '../../../../src/pacemaker/xml.ts'
import { PACEMAKERS, pcsCib } from '../fixture.ts'
import { DUMMY, made, section, texts, wanted } from './wanted.ts'

const CONTROLLERS = {
  properties: { 'pe-warn-series-max': 1000, 'cluster-recheck-interval': '5min', 'stonith-enabled': false },
  resources: {
    vip: {
      agent: 'ocf:heartbeat:IPaddr2',
      options: { ip: '192.168.60.100', cidr_netmask: 24 },
      operations: { monitor: '30s' },
    },
  },
  constraints: { location: [{ resource: 'vip', node: 'server1', score: 100 }] },
}

test('an empty cluster gets what pcs would have made, ids included', () => {
  const { cib, differences } = reconcile(emptyCib(), wanted(CONTROLLERS))
  expect(differences.map(({ text }) => text)).toMatchInlineSnapshot(`
    [
      "property: pe-warn-series-max 1000",
      "property: cluster-recheck-interval 5min",
      "property: stonith-enabled false",
      "create resource vip (ocf:heartbeat:IPaddr2)",
      "create location: vip on server1 (100)",
    ]
  `)
  expect(renderXml(cib)).toMatchInlineSnapshot(`
    "<cib admin_epoch="0" epoch="1" num_updates="0">
      <configuration>
        <crm_config>
          <cluster_property_set id="cib-bootstrap-options">
            <nvpair id="cib-bootstrap-options-pe-warn-series-max" name="pe-warn-series-max" value="1000"/>
            <nvpair id="cib-bootstrap-options-cluster-recheck-interval" name="cluster-recheck-interval" value="5min"/>
            <nvpair id="cib-bootstrap-options-stonith-enabled" name="stonith-enabled" value="false"/>
          </cluster_property_set>
        </crm_config>
        <nodes/>
        <resources>
          <primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2">
            <instance_attributes id="vip-instance_attributes">
              <nvpair id="vip-instance_attributes-ip" name="ip" value="192.168.60.100"/>
              <nvpair id="vip-instance_attributes-cidr_netmask" name="cidr_netmask" value="24"/>
            </instance_attributes>
            <operations>
              <op id="vip-monitor-interval-30s" name="monitor" interval="30s"/>
            </operations>
          </primitive>
        </resources>
        <constraints>
          <rsc_location id="location-vip-server1-100" rsc="vip" node="server1" score="100"/>
        </constraints>
      </configuration>
      <status/>
    </cib>
    "
  `)
})

/** The cluster of the fixtures, as its operator would have declared it. */
const ADOPTED = {
  properties: { 'stonith-enabled': 'no' },
  resource_defaults: { 'resource-stickiness': 100 },
  operation_defaults: { timeout: '30000ms' },
  resources: {
    vip: { agent: 'ocf:heartbeat:IPaddr2', options: { cidr_netmask: 24 }, operations: { monitor: 30 } },
    webip: { agent: 'ocf:heartbeat:IPaddr2', operations: { start: { timeout: '20s' } } },
    web: { agent: 'ocf:pacemaker:Dummy', options: { fake: 'x' }, meta: { 'migration-threshold': 3 } },
    pinger: { agent: 'ocf:pacemaker:ping', clone: { meta: { interleave: 'yes' } } },
    db: {
      agent: 'ocf:pacemaker:Stateful',
      promotable: { meta: { 'master-max': 1, notify: true } },
      operations: {
        monitor: [
          { interval: '10s', role: 'Promoted' as const },
          { interval: '11s', role: 'Slave' as const },
        ],
      },
    },
    f1: { agent: 'stonith:fence_dummy', operations: { monitor: '1min' } },
  },
  groups: { webgrp: ['webip', 'web'] },
  constraints: {
    location: [
      { resource: 'vip', node: 'server1', score: 100 },
      { resource: 'webgrp', rule: 'not_defined pingd or pingd lt 1', score: '-INFINITY' },
    ],
    colocation: [
      { resource: 'webgrp', with: 'Promoted db' },
      { resource: 'off', with: 'vip', score: -100 },
    ],
    order: [
      { first: 'promote db', then: 'webgrp' },
      { first: 'vip', then: 'off', kind: 'Optional' as const, symmetrical: false },
    ],
  },
  stonith_levels: { server2: { 1: 'f1' } },
}

describe.each(PACEMAKERS)('a cluster built with pcs on pacemaker %s', (version) => {
  const live = pcsCib(version)
  const master = version === '2.0.5' ? 'Master' : 'Promoted'

  test('is taken over without a difference', () => {
    expect(texts(live, ADOPTED)).toEqual([])
    expect(applyTo(live, wanted(ADOPTED))).toBe(live)
  })

  test('a purge leaves what the cluster itself and its operators put there', () => {
    const { differences, cib } = reconcile(live, wanted({ ...ADOPTED, purge: true, constraints: {} }))
    expect(differences.map(({ text }) => text)).toMatchSnapshot()
    expect(section(cib, 'constraints')).toContain('cli-ban-vip-on-server2')
    expect(section(cib, 'crm_config')).toContain('dc-version')
    expect(compare(wanted({ ...ADOPTED, purge: true, constraints: {} }), cib)).toEqual([])
  })

  test('changes are few and say what they are', () => {
    const input = {
      resources: {
        vip: { ...ADOPTED.resources.vip, options: { ip: '192.168.60.101' }, operations: { monitor: '20s' } },
        extra: { ...DUMMY, group: 'webgrp' },
      },
      constraints: {
        location: [{ resource: 'vip', node: 'server1', score: 200 }],
        colocation: [{ resource: 'vip', with: 'Promoted db-clone' }],
      },
    }
    const { cib, differences } = reconcile(live, wanted(input))
    const old = live.children && section(live, 'resources').match(/name="ip" value="([^"]*)"/)?.[1]
    expect(differences.map(({ text }) => text)).toEqual([
      `vip: ip ${old} → 192.168.60.101`,
      'vip: operation monitor interval 30s → 20s',
      'create resource extra (ocf:pacemaker:Dummy)',
      'group webgrp: add extra',
      'location: vip on server1: score 100 → 200',
      'create colocation: vip with Promoted db-clone (INFINITY)',
    ])
    expect(section(cib, 'resources')).toContain('id="vip-monitor-interval-20s"')
    const constraints = section(cib, 'constraints')
    expect(constraints).toContain('id="location-vip-server1-200"')
    expect(constraints).toContain(`with-rsc-role="${master}" id="colocation-webgrp`)
    expect(constraints).toContain(`rsc-role="Started" with-rsc-role="${master}"/>`)
  })
})

test('the epoch goes up by one, and by none where nothing changes', () => {
  const live = pcsCib('2.1.5')
  const next = applyTo(live, wanted({ properties: { 'stonith-enabled': true } }))
  expect(Number(next.attributes.epoch)).toBe(Number(live.attributes.epoch) + 1)
  expect(next.attributes.num_updates).toBe(live.attributes.num_updates)
  expect(child(next, 'status')).toBe(child(live, 'status'))
})

describe('the generation of the CIB decides on words', () => {
  const input = {
    resources: {
      db: { agent: 'ocf:linbit:drbd', promotable: { meta: { 'promoted-max': 1, notify: true } } },
    },
  }
  const of = (schema: string) => ({ ...emptyCib(), attributes: { 'validate-with': schema, epoch: '1' } })

  test('pacemaker 1.1 has masters', () => {
    const cib = applyTo(of('pacemaker-2.10'), wanted(input))
    expect(section(cib, 'resources')).toMatchInlineSnapshot(`
      "<resources>
        <master id="db-master">
          <primitive id="db" class="ocf" provider="linbit" type="drbd"/>
          <meta_attributes id="db-master-meta_attributes">
            <nvpair id="db-master-meta_attributes-master-max" name="master-max" value="1"/>
            <nvpair id="db-master-meta_attributes-notify" name="notify" value="true"/>
          </meta_attributes>
        </master>
      </resources>
      "
    `)
    expect(compare(wanted(input), cib)).toEqual([])
  })

  test('a cluster of 2.1 with the schema of 2.0 keeps the old role words', () => {
    const ordered = { ...input, constraints: { colocation: [{ resource: 'db', with: 'Promoted db' }] } }
    expect(section(applyTo(of('pacemaker-3.5'), wanted(ordered)), 'constraints')).toContain(
      'with-rsc-role="Master"',
    )
    expect(section(applyTo(of('pacemaker-3.7'), wanted(ordered)), 'constraints')).toContain(
      'with-rsc-role="Promoted"',
    )
  })
})

test('a clone that crmsh named is found by what it clones', () => {
  const live = made({ resources: { ping: { agent: 'ocf:pacemaker:ping', clone: { id: 'clone_ping' } } } })
  const input = {
    resources: { ping: { agent: 'ocf:pacemaker:ping', clone: true as const }, vip: DUMMY },
    constraints: {
      order: [
        { first: 'ping', then: 'vip' },
        { first: 'ping-clone', then: 'vip', kind: 'Serialize' as const },
      ],
    },
  }
  const cib = applyTo(live, wanted(input))
  expect(section(cib, 'resources')).not.toContain('ping-clone')
  expect(section(cib, 'constraints')).toMatchInlineSnapshot(`
    "<constraints>
      <rsc_order id="order-clone_ping-vip-mandatory" first="clone_ping" then="vip" first-action="start" then-action="start"/>
      <rsc_order id="order-clone_ping-vip-Serialize" first="clone_ping" then="vip" first-action="start" then-action="start" kind="Serialize"/>
    </constraints>
    "
  `)
})

describe('what cannot be is refused before anything is done', () => {
  const live = pcsCib('2.1.5')
  test.each([
    [{ groups: { webgrp: ['nobody'] } }, 'group webgrp is to hold nobody'],
    [{ groups: { vip: ['web'] } }, 'vip is a primitive in the cluster'],
    [{ resources: { webgrp: DUMMY } }, 'webgrp is a group in the cluster'],
    [
      { resources: { web: { ...DUMMY, clone: true as const } } },
      'web is to be a clone, and is a member of group webgrp',
    ],
    [
      { resources: { pinger: { agent: 'ocf:pacemaker:ping', clone: { id: 'other' } } } },
      'pinger is cloned as pinger-clone',
    ],
    [{ constraints: { order: [{ first: 'nobody', then: 'vip' }] } }, 'order: there is no resource nobody'],
    // The ban of vip is an operator's, and stands until it is cleared.
    [
      { resources: { web: DUMMY }, purge: true },
      'vip is to be removed, and location cli-ban-vip-on-server2 still names it',
    ],
  ])('%j', (input, message) => {
    expect(() => reconcile(live, wanted(input))).toThrow(
      expect.objectContaining({ code: 'REFUSED', message: expect.stringContaining(message) }),
    )
  })

  test('an answer that is no CIB', () => {
    expect(() => reconcile({ name: 'html', attributes: {}, children: [] }, wanted({}))).toThrow(
      expect.objectContaining({ code: 'COMMAND_FAILED' }),
    )
  })
})
