import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import { releasesFor } from '../support/releases.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import { until } from '../support/until.ts'

const bringup = new URL('../../bin/bringup.js', import.meta.url).pathname

interface Answer {
  readonly exitCode: number
  readonly text: string
  /** Of `--json`. */
  readonly json: {
    met?: string
    forecast: { actions: { kind: string; resource?: string }[] }
    happened: { resource: string; from: string[]; to: string[] }[]
    surprises: string[]
    remains: { text: string; next: string[] }[]
    errors?: { code: string; message: string; seen: string }[]
    counts: { resource: string; node: string; count: string }[]
  }
}

describe.each(releasesFor('day-two commands', 'bookworm', 'trixie'))('a running cluster of %s', (release) => {
  let lab: Lab

  beforeAll(async () => {
    lab = await raiseLab({ nodes: 2, release, client: true, warm: ['cluster'] })
    const made = await bringupRun(
      ['playbooks/vip-cluster.yml', '-i', lab.inventory, '-i', 'inventory/lab.yml'],
      { env: { HACLUSTER_PASSWORD: 'correct-horse-battery' } },
    )
    expect(made.exitCode, made.output).toBe(0)
  }, 900_000)
  afterAll(() => lab?.down())

  const start = (...words: string[]) =>
    spawn(process.execPath, [bringup, 'cluster', ...words, '-i', lab.inventory], {
      // What npm runs is told to type `npx` as well.
      env: { ...process.env, npm_command: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const cluster = async (...words: string[]): Promise<Answer> => {
    const child = start(...words)
    const exit = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 128)))
    const [out, said, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit])
    return {
      exitCode,
      text: out + said,
      json: words.includes('--json') ? (JSON.parse(out) as Answer['json']) : ({} as Answer['json']),
    }
  }
  const sh = async (script: string, node = 'server1'): Promise<string> => {
    const { exitCode, stdout, stderr } = await lab.exec(node, script)
    expect(exitCode, `${script}\n${stdout}${stderr}`).toBe(0)
    return stdout.trim()
  }
  const place = (resource = 'vip'): Promise<string> =>
    sh(`crm_resource --locate --quiet --resource ${resource}`)
  const other = (node: string): string => (node === 'server1' ? 'server2' : 'server1')
  const configuration = (): Promise<string> => sh('cibadmin --query --scope configuration')
  const done = async (...words: string[]): Promise<Answer> => {
    const answer = await cluster(...words)
    expect(answer.exitCode, answer.text).toBe(0)
    return answer
  }
  const refused = async (...words: string[]): Promise<string> => {
    const before = await configuration()
    const answer = await cluster(...words)
    expect(answer.exitCode, answer.text).toBe(2)
    expect(answer.text).toContain('[REFUSED]')
    expect(await configuration()).toBe(before)
    return answer.text
  }

  test('standby: foreseen, refused where nobody could take over, done, told; then the other way', async () => {
    const from = await place()
    const to = other(from)
    const before = await configuration()
    const check = await done('standby', from, '--check')
    expect(check.text).toContain(`would move vip from ${from} to ${to}`)
    expect(check.text).toContain(`would stay: ${from} is in standby`)
    expect(await configuration()).toBe(before)
    expect(await refused('standby', 'servr1')).toContain('did you mean "server1"?')

    const { json } = await done('standby', from, '--json')
    expect(json.forecast.actions).toEqual([{ kind: 'move', resource: 'vip', from, to }])
    expect(json.happened).toEqual([{ resource: 'vip', from: [from], to: [to] }])
    expect(json.surprises).toEqual([])
    expect(json.remains).toEqual([{ text: expect.stringContaining('in standby'), next: ['unstandby', from] }])
    expect(await place()).toBe(to)
    expect((await done('standby', from)).text).toContain(`nothing to do: ${from} is in standby already`)

    const last = await refused('standby', to)
    expect(last).toContain('no other node is online that could take over')
    expect(last).toContain('vip would run nowhere')
    const outage = await done('standby', to, '--risk-outage', '--json')
    expect(outage.json.happened).toEqual([{ resource: 'vip', from: [to], to: [] }])
    expect(outage.json.surprises).toEqual([])
    const back = await done('unstandby', to, '--json')
    expect(back.json.happened).toEqual([{ resource: 'vip', from: [], to: [to] }])

    // Of the other lifetime, as `crm_standby` with `--lifetime reboot` puts it.
    await sh(`crm_attribute --node ${from} --name standby --lifetime reboot --update on`)
    const free = await done('unstandby', from)
    expect(free.text).not.toContain('stays:')
    expect((await done('unstandby', from)).text).toContain('nothing to do')
    expect(await sh('crm_mon -1 --output-as=xml')).not.toContain('standby="true"')
  })

  test('move: to a node, for a time, and off a node; what it leaves is told, and cleared', async () => {
    const from = await place()
    const to = other(from)
    expect(await refused('move', 'vpi')).toContain('did you mean "vip"?')
    expect(await refused('move', 'vip', '--to', 'server9')).toContain('the cluster has no node server9')
    const there = await done('move', 'vip', '--to', to, '--for', '2h', '--json')
    expect(there.json.happened).toEqual([{ resource: 'vip', from: [from], to: [to] }])
    expect(there.json.remains).toEqual([
      {
        text: expect.stringMatching(`^cli-prefer-vip draws vip to ${to} until 2\\d{3}-`),
        next: ['clear', 'vip'],
      },
    ])
    expect((await done('move', 'vip', '--to', to)).text).toContain(`nothing to do: vip runs on ${to} already`)

    expect((await done('clear', 'vip')).text).not.toContain('stays:')
    expect(await sh('cibadmin --query --scope constraints')).not.toContain('cli-')
    expect((await done('clear', 'vip')).text).toContain('nothing to do')

    const away = await done('move', 'vip')
    expect(away.text).toContain(`vip  ${to} → ${from}`)
    expect(away.text).toContain(`bringup cluster clear vip -i ${lab.inventory}`)
    expect((await done('move', 'vip')).text).toContain(`nothing to do: vip was moved off ${to} already`)
    expect(await place()).toBe(from)
    await done('clear', 'vip')

    await sh(
      `cibadmin --create --scope constraints --xml-text '<rsc_location id="never" rsc="vip" node="${to}" score="-INFINITY"/>'`,
    )
    expect(await refused('move', 'vip', '--to', to)).toContain(`never keeps vip off ${to}`)
    expect(await refused('standby', from)).toContain('vip would run nowhere')
    await sh(`cibadmin --delete --scope constraints --xml-text '<rsc_location id="never"/>'`)
  })

  test('a group and a promotable clone move as wholes, and what depends on them with them', async () => {
    await sh(`pcs resource create a ocf:pacemaker:Dummy --group g
      pcs resource create d ocf:pacemaker:Dummy clone
      pcs resource create s ocf:pacemaker:Stateful promotable
      pcs constraint colocation add g with Promoted s-clone
      crm_resource --wait`)
    const from = await place('a')
    const to = other(from)
    expect(await refused('move', 'a')).toContain('a is part of the group g')
    expect(await refused('move', 'd-clone')).toContain('it is not in one place only')
    expect(await refused('maintenance', 'on', '--resource', 'd')).toContain('d is part of the clone d-clone')
    const moved = await done('move', 's-clone', '--to', to, '--json')
    expect(moved.json.surprises).toEqual([])
    expect(moved.json.happened).toContainEqual({ resource: 'a', from: [from], to: [to] })
    expect(await place('a')).toBe(to)
    await done('clear', 's-clone')
    const group = await done('move', 'g', '--json')
    expect(group.json.surprises).toEqual([])
    expect(await place('a')).toBe(from)
    await done('clear', 'g')
    await sh('pcs resource delete g; pcs resource delete d; pcs resource delete s; crm_resource --wait')
  })

  test('failures are counted, said to stay, and cleaned up', async () => {
    expect((await done('failcounts')).text).toContain('no failure is on record')
    const node = await place()
    await sh(`crm_resource --fail --resource vip --node ${node}
      crm_attribute --type status --node ${other(node)} --name fail-count-vip#monitor_30000 --update 3`)
    await until(async () => (await sh('cibadmin --query')).match(/name="fail-count-vip/g)?.length === 2)
    await sh('crm_resource --wait')
    const { json } = await done('failcounts', 'vip', '--json')
    expect(json.counts).toContainEqual(expect.objectContaining({ node: other(node), count: '3' }))
    expect(json.counts).toContainEqual(expect.objectContaining({ resource: 'vip', node }))
    expect(await refused('cleanup', 'vip', '--node', 'server9')).toContain('no node server9')

    const one = await done('cleanup', 'vip', '--node', other(node))
    expect(one.text).toContain('next  bringup cluster cleanup vip')
    expect((await done('cleanup', '--node', other(node))).text).toContain('nothing to do')
    expect((await done('cleanup')).text).not.toContain('stays:')
    expect((await done('cleanup', 'vip')).text).toContain('nothing to do: no failure of vip is on record')
    expect((await done('failcounts')).text).toContain('no failure is on record')
  })

  test.each<[string, string[], string]>([
    ['the cluster', [], 'the cluster is in maintenance'],
    ['a node', ['--node', 'server1'], 'server1 is in maintenance'],
    ['a resource', ['--resource', 'vip'], 'vip is in maintenance'],
  ])('maintenance of %s: on, told, and off', async (_what, of, said) => {
    const before = await configuration()
    await done('maintenance', 'on', ...of, '--check')
    expect(await configuration()).toBe(before)
    const on = await done('maintenance', 'on', ...of)
    expect(on.text).toContain(`stays: ${said}`)
    expect(on.text).toContain(`next  bringup cluster maintenance off ${of.join(' ')}`.trim())
    expect((await done('maintenance', 'on', ...of)).text).toContain('nothing to do')
    if (of.length === 0 || of.includes('vip'))
      expect(await refused('move', 'vip')).toContain('does not manage')
    expect((await done('maintenance', 'off', ...of)).text).not.toContain('stays:')
    expect((await done('maintenance', 'off', ...of)).text).toContain('nothing to do')
    await sh('crm_resource --wait')
    expect(await sh('crm_mon -1r --output-as=xml')).toMatch(/<resource id="vip"[^>]* managed="true"/)
  })

  test('two operators do not cross; one that is interrupted says so, and the next finds its work', async () => {
    const holder = await lab.exec('server2', 'flock /run/bringup/lock sleep 600 >/dev/null 2>&1 & echo $!')
    await until(async () => {
      const { exitCode } = await lab.exec('server2', 'flock --nonblock /run/bringup/lock true')
      return exitCode !== 0
    })
    const before = await configuration()
    try {
      const locked = await cluster('move', 'vip', '--wait', '0', '--json')
      expect(locked.exitCode, locked.text).toBe(6)
      expect(locked.json.errors).toEqual([expect.objectContaining({ code: 'LOCKED' })])
      // What only looks does not wait for anybody.
      await done('failcounts')
      await done('move', 'vip', '--check')
      expect(await configuration()).toBe(before)

      const waiting = start('move', 'vip')
      const ended = new Promise<number>((resolve) => waiting.once('close', (code) => resolve(code ?? 128)))
      await new Promise((resolve) => waiting.stderr.once('data', resolve))
      waiting.kill('SIGINT')
      expect(await ended).toBe(130)
      expect(await configuration()).toBe(before)
    } finally {
      await sh(`pkill -P ${holder.stdout.trim()}; true`, 'server2')
    }
    const from = await place()
    await done('move', 'vip')
    expect(await place()).toBe(other(from))
    await done('clear', 'vip')
  })

  test('a host of another cluster, or one that nobody can ask, needs --limit', async () => {
    const before = await configuration()
    // Stand-ins for the tools of another cluster.
    await sh(
      `cd /usr/local/sbin
      printf '#!/bin/sh\nexit 0\n' >systemctl
      printf '#!/bin/sh\necho other1\n' >crm_node
      printf '#!/bin/sh\necho "<crm_mon><nodes><node name=\\"other1\\"/></nodes></crm_mon>"\n' >crm_mon
      chmod 755 systemctl crm_node crm_mon`,
      'client',
    )
    const several = await cluster('maintenance', 'on')
    expect(several.exitCode, several.text).toBe(1)
    expect(several.text).toContain('the hosts are of several clusters')
    await lab.powerOff('client')
    const unclear = await cluster('maintenance', 'on')
    expect(unclear.exitCode, unclear.text).toBe(4)
    expect(unclear.text).toContain('nobody can tell whether another cluster is meant')
    expect(await configuration()).toBe(before)
    await done('maintenance', 'on', '--check', '--limit', 'cluster')
  })

  test('with a node that is down: asked of the other; nothing goes to it, and its standby waits for it', async () => {
    const only = ['--limit', 'cluster']
    await lab.exec('server1', 'systemctl stop pacemaker corosync')
    const away = await done('standby', 'server1', ...only)
    expect(away.text).toContain('by way of server2')
    await done('unstandby', 'server1', ...only)
    expect(await sh('cibadmin --query --scope configuration', 'server2')).not.toContain('name="standby"')
    const to = await cluster('move', 'vip', '--to', 'server1', ...only)
    expect(to.exitCode).toBe(2)
    expect(to.text).toContain('nothing can move to server1: it is offline')
    await lab.powerOff('server1')
    const last = await cluster('standby', 'server2', ...only)
    expect(last.exitCode).toBe(2)
    expect(last.text).toContain('without it the others have 0 votes')
    await lab.powerOff('server2')
    const none = await cluster('failcounts', ...only)
    expect(none.exitCode, none.text).toBe(4)
  })
})
