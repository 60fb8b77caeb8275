import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun, startBringup } from '../support/bringup.ts'
import type { RunResult } from '../support/bringup.ts'
import { releasesFor } from '../support/releases.ts'
import { until } from '../support/until.ts'
import { killController, withoutOrphans } from './controller_death.ts'
import { watchedAddress } from './watched_address.ts'

const VIP = '192.168.111.100'
const env = { HACLUSTER_PASSWORD: 'correct-horse-battery' }
const PLAYBOOK = 'playbooks/rebuild-node.yml'
const DEAD = ['-e', 'dead_node=server2']

/** pcs 0.11, 0.10 and 0.12; what does not depend on that is played on one of them. */
const releases = releasesFor('rebuild of a node', 'bookworm', 'bullseye', 'trixie')

describe.each(releases)('a node of a cluster of two on %s', (release) => {
  const onOne = (name: string, work: () => Promise<void>): void => {
    if (release === 'bookworm') test(name, work)
  }
  let lab: Lab

  beforeAll(async () => {
    lab = await raiseLab({ nodes: 2, release, client: true, warm: ['cluster'] })
    const made = await bringupRun(
      ['playbooks/vip-cluster.yml', '-i', lab.inventory, '-i', 'inventory/lab.yml'],
      { env },
    )
    expect(made.exitCode, made.output).toBe(0)
    await sh(
      'server1',
      `[ "$(crm_resource --locate --quiet --resource vip)" = server1 ] ||
      { crm_resource --resource vip --move --node server1 && crm_resource --wait && crm_resource --resource vip --clear; }`,
    )
  }, 900_000)
  afterAll(() => lab?.down())

  /** @throws where the script fails */
  async function sh(node: string, script: string): Promise<string> {
    const { exitCode, stdout, stderr } = await lab.exec(node, script)
    expect(exitCode, `${script}\n${stdout}${stderr}`).toBe(0)
    return stdout
  }
  const args = (...more: string[]): string[] => [
    PLAYBOOK,
    '-i',
    lab.inventory,
    '-i',
    'inventory/lab.yml',
    '--limit',
    'server2',
    ...more,
  ]
  const run = (...more: string[]): Promise<RunResult> => bringupRun(args(...more), { env })
  const notes = ({ events }: RunResult): string[] =>
    events.flatMap((event) => (event.type === 'note' ? [event.message] : []))

  /** The processes of the survivor's cluster, which must outlive everything; not what these start for a moment. */
  const survivor = (): Promise<string> =>
    sh('server1', 'pidof corosync pacemakerd; pgrep -l -P "$(pidof pacemakerd)"')

  /** server2 is another machine, and the other one knows that the old one is gone. */
  async function reinstalled(): Promise<void> {
    await lab.reinstall('server2')
    await until(async () => {
      const monitor = await sh('server1', 'crm_mon -1 --output-as=xml')
      return !/<node name="server2" [^>]*online="true"/.test(monitor)
    })
  }

  /** What `work` does, while the address answers without a pause and nothing of the survivor is started anew. */
  async function undisturbed<T>(work: () => Promise<T>): Promise<T> {
    const before = await survivor()
    const { done, answers, away } = await watchedAddress(lab, VIP, work)
    expect(away).toEqual([])
    expect(answers).toBeGreaterThan(0)
    expect(await survivor()).toBe(before)
    return done
  }

  /** server2 (or under another name) is a member as any other, and nothing is left of how it became one. */
  async function isWell(name = 'server2'): Promise<void> {
    const monitor = await sh('server1', 'crm_mon -1 --output-as=xml')
    expect(
      [...monitor.matchAll(/<node name="(\w+)" id="\d" online="(\w+)" standby="(\w+)"/g)].map(
        ([, ...is]) => is,
      ),
    ).toEqual([
      ['server1', 'true', 'false'],
      [name, 'true', 'false'],
    ])
    expect(await sh('server1', 'crm_resource --locate --quiet --resource vip')).toBe('server1\n')
    const files = 'sha256sum </etc/corosync/corosync.conf; sha256sum </etc/corosync/authkey'
    expect(await sh('server2', files)).toBe(await sh('server1', files))
    expect(await sh('server2', 'ls /etc/systemd/system/pacemaker.service.d/rejoin.conf 2>&1 || :')).toContain(
      'No such file',
    )
    expect(await sh('server2', `systemctl is-enabled corosync pacemaker pcsd`)).toBe('enabled\n'.repeat(3))
    for (const one of ['server1', 'server2'])
      expect(await sh(one, `pcs status pcsd server1 ${name}`)).not.toMatch(/Offline|Unable/)
  }

  test('reinstalled: refused until somebody says that the old one is dead, then it joins; again: nothing', async () => {
    await undisturbed(async () => {
      await reinstalled()
      const refused = await run()
      expect(refused.exitCode).toBe(2)
      expect(refused.output).toContain('nothing proves that server2 does not run any more')
      expect(refused.output).toContain('-e dead_node=server2')
      expect((await run('-e', 'dead_node=server1')).output).toContain('dead_node says server1')

      const check = await run(...DEAD, '--check')
      expect(check.exitCode, check.output).toBe(0)
      expect(notes(check)).toContain(
        "server2 gets the cluster's file and keys from server1, where nothing changes",
      )
      const skipped = check.events.flatMap((event) =>
        event.type === 'task_end' && event.status === 'skipped' ? [event.task] : [],
      )
      expect(skipped).toEqual(['DRBD', 'DRBD', 'off standby'])

      const joined = await run(...DEAD)
      expect(joined.exitCode, joined.output).toBe(0)
      await isWell()
    })
    const again = await undisturbed(() => run(...DEAD))
    expect(again.exitCode, again.output).toBe(0)
    expect(again.changed).toEqual([])
  })

  onOne('the wrong node named: the one that is left is not touched', async () => {
    await lab.powerOff('server2')
    const away = await bringupRun(
      [PLAYBOOK, '-i', lab.inventory, '-i', 'inventory/lab.yml', '--limit', 'server1', ...DEAD],
      { env },
    )
    expect(away.exitCode).toBe(4)
    await reinstalled()
    const wrong = await undisturbed(() =>
      bringupRun([PLAYBOOK, '-i', lab.inventory, '-i', 'inventory/lab.yml', '--limit', 'server1', ...DEAD], {
        env,
      }),
    )
    expect(wrong.exitCode).toBe(2)
    expect(wrong.output).toContain('server2 is in no cluster')
    expect(wrong.changed).toEqual([])
  })

  onOne('a run whose controller is killed in the middle goes on', async () => {
    await undisturbed(async () => {
      for (const step of ['file /etc/corosync/authkey', 'it runs, as a member that is in standby']) {
        const started = startBringup(args(...DEAD), { env })
        await started.seen((event) => event.type === 'task_end' && event.task === step)
        await killController(started)
        await withoutOrphans(lab)
      }
      const ended = await run(...DEAD)
      expect(ended.exitCode, ended.output).toBe(0)
    })
    await isWell()
  })

  onOne(
    'with what it has of another cluster: refused while that runs; then nothing of it outlives, its newer CIB neither',
    async () => {
      await sh(
        'server2',
        `systemctl stop pacemaker corosync
      dd if=/dev/urandom of=/etc/corosync/authkey bs=256 count=1 2>/dev/null
      printf 'totem {\\n version: 2\\n cluster_name: older\\n transport: knet\\n crypto_cipher: aes256\\n crypto_hash: sha256\\n}\\nnodelist {\\n node {\\n  ring0_addr: 192.168.111.102\\n  name: server2\\n  nodeid: 1\\n }\\n}\\nquorum {\\n provider: corosync_votequorum\\n}\\n' >/etc/corosync/corosync.conf
      rm -f /var/lib/pacemaker/cib/*
      systemctl start corosync && systemctl start pacemaker`,
      )
      await until(async () =>
        (await lab.exec('server2', 'crm_mon -1')).stdout.includes('Online: [ server2 ]'),
      )
      await sh(
        'server2',
        `cibadmin --create --scope resources --xml-text '<primitive id="stale" class="ocf" provider="pacemaker" type="Dummy"/>'
      cibadmin --modify --xml-text '<cib admin_epoch="99"/>'`,
      )
      await undisturbed(async () => {
        const refused = await run(...DEAD)
        expect(refused.exitCode).toBe(2)
        expect(refused.output).toContain(
          'Pacemaker runs on server2, in the cluster older, while the other nodes do not see it',
        )
        expect(refused.changed).toEqual([])
        await sh('server2', 'systemctl stop pacemaker corosync')
        expect((await run()).output).toContain('nothing proves that server2')
        const joined = await run(...DEAD)
        expect(joined.exitCode, joined.output).toBe(0)
      })
      await isWell()
      const cib = await sh('server1', 'cibadmin --query')
      expect(cib).not.toContain('stale')
      expect(cib).not.toContain('admin_epoch="99"')
    },
  )

  onOne('with just another key: the same', async () => {
    await sh('server2', 'systemctl stop pacemaker corosync; head -c 256 /dev/urandom >/etc/corosync/authkey')
    const joined = await undisturbed(() => run(...DEAD))
    expect(joined.exitCode, joined.output).toBe(0)
    await isWell()
  })

  test('only stopped: it is itself, nobody has to say so, and its own CIB is not taken', async () => {
    await sh('server2', 'systemctl stop pacemaker corosync')
    const started = await undisturbed(() => run())
    expect(started.exitCode, started.output).toBe(0)
    expect(notes(started)).toEqual([
      'nothing is lost: its cluster has only to be started',
      "server2 does not run: the machine that answers is server2: it has the cluster's key",
      "server2 has the cluster's file and key, and is started",
    ])
    expect(started.changed).toContain('server2 no CIB of its own')
    await isWell()
  })

  onOne('a fence device is asked for its power, with its own options', async () => {
    await sh(
      'server1',
      `printf '%s\\n' '#!/bin/sh' 'cat >/run/asked; exit 2' >/usr/sbin/fence_standin; chmod +x /usr/sbin/fence_standin
      cibadmin --create --scope resources --xml-text '<primitive id="bmc2" class="stonith" type="fence_standin"><instance_attributes id="bmc2-a"><nvpair id="bmc2-l" name="pcmk_host_list" value="server2"/><nvpair id="bmc2-p" name="password" value="s3cret-of-bmc"/></instance_attributes><meta_attributes id="bmc2-m"><nvpair id="bmc2-t" name="target-role" value="Stopped"/></meta_attributes></primitive>'`,
    )
    await reinstalled()
    const joined = await undisturbed(() => run())
    expect(joined.exitCode, joined.output).toBe(0)
    expect(notes(joined)).toContain('server2 does not run: its power is off, says bmc2, asked by server1')
    expect(await sh('server1', 'cat /run/asked')).toBe(
      'password=s3cret-of-bmc\naction=status\nnodename=server2\nport=server2\n',
    )
    await sh('server1', `cibadmin --delete --scope resources --xml-text '<primitive id="bmc2"/>'`)
    const journals = joined.events.flatMap((event) => (event.type === 'task_end' ? event.commands : []))
    expect(JSON.stringify(journals)).not.toContain('s3cret-of-bmc')
    await isWell()
  })

  test('at another address: it takes the place of the old one', async () => {
    await reinstalled()
    const known = join(lab.dir, 'known-elsewhere')
    const hosts = await readFile(lab.knownHosts, 'utf8')
    await writeFile(known, hosts.replaceAll('192.168.111.102', '192.168.111.112'))
    const inventory = join(lab.dir, 'elsewhere.yml')
    const text = await readFile(lab.inventory, 'utf8')
    await writeFile(
      inventory,
      text.replaceAll('192.168.111.102', '192.168.111.112').replace(lab.knownHosts, known),
    )
    await sh(
      'server2',
      'ip addr del 192.168.111.102/24 dev host0 && ip addr add 192.168.111.112/24 dev host0',
    )
    const elsewhere = (...more: string[]) =>
      bringupRun([PLAYBOOK, '-i', inventory, '-i', 'inventory/lab.yml', '--limit', 'server2', ...more], {
        env,
      })
    await undisturbed(async () => {
      expect((await elsewhere()).output).toContain('nothing proves that server2')
      const joined = await elsewhere(...DEAD)
      expect(joined.exitCode, joined.output).toBe(0)
      expect(notes(joined)).toContain(
        'server2 is taken out of the cluster, and server2 (192.168.111.112) is added to the cluster',
      )
    })
    await isWell()
    expect((await elsewhere()).changed).toEqual([])
  })

  test('under another name: a new node, and none of the old name is left', async () => {
    await reinstalled()
    await sh('server2', 'hostnamectl set-hostname server9 && sed -i s/server2/server9/ /etc/hosts')
    const inventory = join(lab.dir, 'renamed.yml')
    await writeFile(inventory, (await readFile(lab.inventory, 'utf8')).replace('server2:', 'server9:'))
    const renamed = (...more: string[]) =>
      bringupRun([PLAYBOOK, '-i', inventory, '-i', 'inventory/lab.yml', '--limit', 'server9', ...more], {
        env,
      })
    await undisturbed(async () => {
      expect((await renamed('-e', 'dead_node=server9')).output).toContain(
        'dead_node says server9, and it is server2 whose place is taken',
      )
      const joined = await renamed(...DEAD)
      expect(joined.exitCode, joined.output).toBe(0)
    })
    await isWell('server9')
    expect(
      await sh('server1', 'cibadmin --query --scope nodes; cat /etc/corosync/corosync.conf'),
    ).not.toContain('server2')
    expect((await renamed(...DEAD)).changed).toEqual([])
  })
})
