import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import { releasesFor } from '../support/releases.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { RunResult } from '../support/bringup.ts'
import { found, leakedOnNode, markTime } from '../support/written_files.ts'
import { MEMBERS, PIDS, RESOURCE, WHOLE, writtenLab } from './written_cluster.ts'
import type { WrittenLab, WrittenVars } from './written_cluster.ts'

const CONF = '/etc/corosync/corosync.conf'
const KEY = '/etc/corosync/authkey'
const LOG = '/var/log/cluster/corosync.log'

const releases = releasesFor('a cluster without pcs', 'bookworm', 'trixie')

describe.each(releases)('a cluster without pcs on %s', (release) => {
  let lab: Lab
  let nodes: WrittenLab
  /** What is wanted now; each test goes on from where the one before ended. */
  let vars: WrittenVars = { cluster_totem: { token: 2000 }, corosync_logging: { logfile: LOG } }

  beforeAll(async () => {
    lab = await raiseLab({ release, warm: ['cluster'] })
    nodes = writtenLab(lab)
  })
  afterAll(() => lab?.down())

  const done = async (...args: string[]): Promise<RunResult> => {
    const result = await nodes.run(vars, ...args)
    expect(result.exitCode, result.output).toBe(0)
    return result
  }
  const refused = async (wanted: WrittenVars, ...args: string[]): Promise<string> => {
    const before = await nodes.onAll(`cat ${CONF}; sha256sum ${KEY}; ${PIDS}`)
    const result = await nodes.run(wanted, ...args)
    expect(result.exitCode, result.output).toBe(2)
    expect(await nodes.onAll(`cat ${CONF}; sha256sum ${KEY}; ${PIDS}`)).toEqual(before)
    return result.output
  }
  /** What was told before anything was done. */
  const told = ({ events }: RunResult): string[] =>
    events.flatMap((event) => (event.type === 'note' ? [event.message] : []))
  const changed = async (...args: string[]): Promise<string[]> => (await done(...args)).changed
  const digests = (): Promise<string[]> => nodes.onAll(`sha256sum <${KEY}`)
  const nothingLeft = async (): Promise<void> => {
    expect(await nodes.onAll(MEMBERS)).toEqual([WHOLE, WHOLE])
    const before = await nodes.onAll(PIDS)
    expect(await changed()).toEqual([])
    expect(await nodes.onAll(PIDS)).toEqual(before)
  }

  /** The key in the forms in which it could stand somewhere. */
  async function needles(): Promise<{ texts: string[]; bytes: Buffer }> {
    const bytes = Buffer.from((await nodes.sh('server1', `base64 -w0 ${KEY}`)).trim(), 'base64')
    expect(bytes.length).toBe(256)
    const [base64, hex] = [bytes.toString('base64'), bytes.toString('hex')]
    return {
      bytes,
      texts: [base64.slice(0, 60), base64.slice(80, 140), hex.slice(0, 40), hex.slice(200, 240)],
    }
  }
  async function isNowhere(result: RunResult): Promise<void> {
    const { texts, bytes } = await needles()
    expect(found(result.stdout + result.stderr, texts)).toEqual([])
    for (const { name } of lab.nodes) expect(await leakedOnNode(lab, name, texts)).toEqual([])
    const written = readdirSync(join(lab.dir, '.bringup'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    expect(written.length).toBeGreaterThan(0)
    const pieces = [
      bytes.subarray(0, 12),
      bytes.subarray(100, 112),
      ...texts.map((text) => Buffer.from(text)),
    ]
    expect(written.filter((file) => pieces.some((piece) => file.includes(piece)))).toEqual([])
  }

  test('check mode on bare machines says what would be done, and does nothing', async () => {
    const before = await nodes.onAll('dpkg -l | sha256sum; find /etc -type f | sort | sha256sum')
    const check = await done('--check')
    expect(check.changed).toEqual(
      expect.arrayContaining([`server1 a new authkey`, `server2 file ${CONF}`, 'server2 service corosync']),
    )
    expect(await nodes.onAll('dpkg -l | sha256sum; find /etc -type f | sort | sha256sum')).toEqual(before)
  })

  test('the first run makes it, the key is nowhere else, and a second run changes nothing', async () => {
    await markTime(lab)
    const first = await done()
    expect(await nodes.onAll(`stat -c '%a %U %s' ${KEY}`)).toEqual(['400 root 256', '400 root 256'])
    expect(new Set(await digests()).size).toBe(1)
    await isNowhere(first)
    expect(await nodes.onAll('systemctl is-enabled corosync pacemaker')).toEqual([
      'enabled\nenabled',
      'enabled\nenabled',
    ])
    expect(await nodes.sh('server1', 'corosync-cmapctl -g totem.crypto_cipher')).toMatch(/aes256/)
    await nothingLeft()
    await nodes.sh('server1', RESOURCE)
  })

  test('what a reload can change is changed without a restart: timing, log, encryption', async () => {
    vars = { ...vars, cluster_totem: { token: 2500 }, cluster_crypto: { cipher: 'aes128' } }
    vars = { ...vars, corosync_logging: { logfile: LOG, debug: true } }
    const before = await nodes.onAll(PIDS)
    const result = await done()
    expect(told(result)).toEqual([
      expect.stringMatching(/^corosync reads .* interrupts nothing: .*token 2000 → 2500/),
    ])
    expect(await nodes.onAll(PIDS)).toEqual(before)
    for (const values of await nodes.onAll('corosync-cmapctl totem. logging.debug'))
      expect(values).toMatch(
        /debug \(str\) = on[^]*crypto_cipher \(str\) = aes128[^]*token \(u32\) = 2500|crypto_cipher \(str\) = aes128[^]*token \(u32\) = 2500[^]*debug \(str\) = on/,
      )
    await nothingLeft()
  })

  test('a new key is taken over without a restart, when it is asked for', async () => {
    const before = { pids: await nodes.onAll(PIDS), digests: await digests() }
    const result = await done('-e', 'corosync_key=replace')
    expect(await nodes.onAll(PIDS)).toEqual(before.pids)
    const after = await digests()
    expect(new Set(after).size).toBe(1)
    expect(after).not.toEqual(before.digests)
    await isNowhere(result)
    await nothingLeft()
    // It is the one that they talk with: a node that starts anew reads it from its file.
    await nodes.sh(
      'server2',
      'systemctl stop pacemaker; systemctl restart corosync; systemctl start pacemaker',
    )
    await expect.poll(() => nodes.onAll(MEMBERS), { timeout: 60_000 }).toEqual([WHOLE, WHOLE])
    await nothingLeft()
  })

  test('what needs a restart gets it one node after the other, and what runs goes on', async () => {
    vars = { ...vars, cluster_quorum: { wait_for_all: false } }
    const before = await nodes.onAll(PIDS)
    const result = await done()
    expect(told(result)).toEqual([
      expect.stringMatching(/^corosync is restarted, one node after the other: .*wait_for_all/),
    ])
    const steps = result.events.flatMap((event) =>
      event.type === 'task_end' && /^corosync runs with|^wait_for all nodes online, with/.test(event.task)
        ? [`${event.host} ${event.task.split(' ', 2).join(' ')}`]
        : [],
    )
    expect(steps).toEqual(
      ['server1', 'server2'].flatMap((name) => [
        `${name} wait_for all`,
        `${name} corosync runs`,
        `${name} wait_for all`,
      ]),
    )
    for (const [index, pids] of (await nodes.onAll(PIDS)).entries()) expect(pids).not.toBe(before[index])
    expect(await nodes.sh('server1', 'crm_resource --locate --resource dummy')).toMatch(
      /running on: server\d/,
    )
    await nothingLeft()
  })

  test('what needs a stop of all is refused while resources run, and done when it is allowed', async () => {
    const udp = {
      ...vars,
      cluster_transport: 'udp',
      cluster_crypto: {},
      cluster_links: [{ mcastaddr: '239.255.1.1', mcastport: 5405, ttl: 1 }],
    }
    const output = await refused(udp)
    expect(output).toContain('Pacemaker runs dummy')
    expect(output).toContain('-e corosync_together=true')
    vars = udp
    const result = await done('-e', 'corosync_together=true')
    expect(told(result)).toEqual([
      expect.stringMatching(/^corosync is stopped on all nodes at once, .*totem.transport knet → udp/),
    ])
    expect(await nodes.sh('server1', `grep -E 'bindnetaddr|mcastaddr' ${CONF} | tr -s ' '`)).toBe(
      'bindnetaddr: 192.168.111.0\n mcastaddr: 239.255.1.1',
    )
    await nothingLeft()
  })

  test('a limited run looks at the others, and does not leave them behind', async () => {
    const more = { ...vars, cluster_totem: { token: 3500 } }
    expect(await refused(more, '--limit', 'server1')).toContain('server2 would keep another corosync.conf')
    expect(await refused(vars, '--limit', 'server1', '-e', 'corosync_key=replace')).toContain(
      'without --limit',
    )
    expect(await changed('--limit', 'server1')).toEqual([])
    await nodes.sh('server2', 'systemctl stop pacemaker corosync')
    expect(await changed('--limit', 'server2')).toEqual(
      expect.arrayContaining(['server2 service corosync', 'server2 service pacemaker']),
    )
    await nothingLeft()
  })

  test('two keys are refused, with the way out; a node without one is given that of the others', async () => {
    await nodes.sh('server2', `cp -p ${KEY} /root/key; corosync-keygen -l -k ${KEY}`)
    expect(await refused(vars)).toContain('nodes have different keys: server1 against server2')
    await nodes.sh('server2', `rm ${KEY}`)
    expect(await changed()).toEqual([`server2 file ${KEY}`])
    expect(new Set(await digests()).size).toBe(1)
    await nothingLeft()
  })

  test('what corosync or this role would not take changes nothing', async () => {
    expect(await refused({ ...vars, cluster_name: 'other' })).toContain('server1 is in the cluster web')
    expect(await refused({ ...vars, cluster_crypto: { cipher: 'aes256' } })).toContain(
      'udp of corosync 3 cannot encrypt',
    )
    // Only corosync itself knows how short is too short.
    const short = await nodes.run({ ...vars, cluster_totem: { token: 1 } })
    expect(short.exitCode).toBe(2)
    expect(short.output).toContain('VALIDATION_FAILED')
    const empty = await nodes.run({ ...vars, cluster_quorum: null })
    expect(empty.exitCode).toBe(5)
    expect(empty.output).toContain('corosync hangs')
    await nothingLeft()
  })

  test('sections of others stay in the file', async () => {
    await nodes.onAll(`printf '\\nsystem {\\n    sched_rr: yes\\n}\\n' >>${CONF}`)
    expect(await changed()).toEqual([])
    vars = { ...vars, cluster_totem: { token: 4000 } }
    await done()
    expect(await nodes.onAll(`tail -n 3 ${CONF}`)).toEqual([
      'system {\n    sched_rr: yes\n}',
      'system {\n    sched_rr: yes\n}',
    ])
    await nothingLeft()
  })
})
