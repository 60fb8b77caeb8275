import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { CRM_MON, parseCrmMon } from '../../../src/pacemaker/crm_mon.ts'
import { fixture, PACEMAKERS } from './fixture.ts'

const mon = (version: string, what: string) => parseCrmMon(fixture(`pacemaker-${version}/${what}.xml`))

describe.each(PACEMAKERS)('crm_mon of pacemaker %s', (version) => {
  test('both forms of its XML say the same', () => {
    expect(mon(version, 'crm_mon-as-xml')).toEqual(mon(version, 'crm_mon'))
  })

  test('the cluster', () => {
    const status = mon(version, 'crm_mon')
    expect(status).toMatchObject({ dc: 'server2', quorate: true, maintenance: false, fencingEnabled: false })
    expect(status.version).toContain(version)
    expect(status.nodes.filter(({ online }) => online)).toHaveLength(version === '2.1.5' ? 3 : 2)
    expect(status.failures).toEqual([])
    expect(status.bans.map(({ id }) => id)).toContain('cli-ban-vip-on-server2')
  })

  test('resources, alone, in groups and cloned, in the new words', () => {
    const { resources } = mon(version, 'crm_mon')
    expect(resources.find(({ id }) => id === 'vip')).toEqual({
      id: 'vip',
      agent: 'ocf:heartbeat:IPaddr2',
      role: 'Started',
      targetRole: undefined,
      active: true,
      failed: false,
      blocked: false,
      managed: true,
      orphaned: false,
      pending: undefined,
      nodes: ['server1'],
      group: undefined,
      clone: undefined,
    })
    expect(resources.find(({ id }) => id === 'web')).toMatchObject({ group: 'webgrp' })
    expect(resources.find(({ id }) => id === 'off')).toMatchObject({
      role: 'Stopped',
      targetRole: 'Stopped',
      nodes: [],
    })
    const db = resources.filter(({ clone }) => clone === 'db-clone')
    expect(db.map(({ role }) => role)).toEqual(['Promoted', ...db.slice(1).map(() => 'Unpromoted')])
  })

  test('a start that failed, and a node on standby', () => {
    const status = mon(version, 'crm_mon-failed')
    expect(status.nodes.find(({ standby }) => standby)?.name).toBe('server2')
    expect(status.failures).toEqual([
      {
        operation: expect.stringMatching(/^bad_start_0 on server\d$/),
        node: expect.stringMatching(/^server\d$/),
        resource: 'bad',
        status: expect.stringMatching(/^not configured$/i),
        reason: '[findif] failed',
        when: expect.stringMatching(/^2026-/),
      },
    ])
  })

  test('fencing', () => {
    expect(mon(version, 'crm_mon-fenced').fencing).toEqual([
      {
        target: 'server2',
        action: 'reboot',
        status: version === '2.0.5' ? 'failed' : 'success',
        completed: expect.stringMatching(/^2026-/),
      },
    ])
  })
})

test('a node that is down', () => {
  const down = mon('2.1.5', 'crm_mon-node-down').nodes.find(({ online }) => !online)
  expect(down).toMatchObject({ name: 'server3', expectedUp: false, unclean: false })
})

test('ids with underscores, and instances of clones, keep their names', () => {
  const failure = (key: string) =>
    parseCrmMon(`<crm_mon><failures><failure op_key="${key}" node="n"/></failures></crm_mon>`).failures[0]
      ?.resource
  expect(['my_vip_start_0', 'fs_r0_monitor_10000', 'vm_migrate_to_0', 'db:1_promote_0'].map(failure)).toEqual(
    ['my_vip', 'fs_r0', 'vm', 'db'],
  )
})

test('what is under way, and nobody leads', () => {
  const status = parseCrmMon(`<pacemaker-result><summary><current_dc present="false"/></summary><resources>
    <resource id="vip" role="Starting" pending="Starting" active="true" managed="true"/></resources></pacemaker-result>`)
  expect(status.dc).toBeUndefined()
  expect(status.resources[0]?.pending).toBe('Starting')
})

test('a reason that Pacemaker 2.1.5 escaped twice is read as the agent wrote it', () => {
  const { failures } =
    parseCrmMon(`<pacemaker-result><failures><failure op_key="fs_start_0" node="server2" exitstatus="error"
    exitreason="Couldn&amp;apos;t mount device [/dev/drbd0] as /srv" exitcode="1" call="40" status="complete"
    last-rc-change="2026-11-21 15:56:49Z"/></failures></pacemaker-result>`)
  expect(failures).toMatchObject([{ resource: 'fs', reason: "Couldn't mount device [/dev/drbd0] as /srv" }])
})

// As it was seen of pacemaker 3.0.0 while its node was starting.
test('one that fails prints its reason as XML: what is read is one document all the same, and its status is kept', () => {
  const asked = (then: string) =>
    spawnSync('sh', [
      '-c',
      `crm_mon() { case $3 in
        --output-as=xml) echo '<pacemaker-result><status code="102" message="Not connected"/></pacemaker-result>'; return 102 ;;
        *) ${then} ;;
      esac; }
      ${CRM_MON}`,
    ])
  const starting = asked(`echo '<crm_mon version="3.0.0"><pacemakerd state="running"/></crm_mon>'`)
  expect(starting.status).toBe(0)
  expect(parseCrmMon(starting.stdout.toString())).toMatchObject({ dc: undefined, nodes: [], resources: [] })
  expect(asked('return 102').status).toBe(102)
})
