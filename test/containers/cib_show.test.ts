import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { $ } from 'zx/core'
import { raiseLab } from '../../scripts/lab/raise.ts'
import { releasesFor } from '../support/releases.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import { needlesOf } from '../support/needles.ts'
import { found } from '../support/written_files.ts'

const INVENTORY = new URL('cib_show.yml', import.meta.url).pathname
const PASSWORD = `hush "we'll" $HOME`

/** A two-node Apache cluster as it is typed, one commit a line. It is kept stopped: what is compared is its configuration. */
const TYPED = `
crm configure property no-quorum-policy="ignore" stonith-enabled="false"
crm configure rsc_defaults resource-stickiness="INFINITY" migration-threshold="3"
crm configure primitive httpd ocf:heartbeat:apache params configfile="/etc/httpd/conf/httpd.conf" statusurl="http://127.0.0.1/server-status" op monitor interval="10s"
crm configure primitive vip ocf:heartbeat:IPaddr2 params ip="192.168.111.203" nic="ens33" cidr_netmask="24" op monitor interval="10s"
crm configure group web vip httpd
crm configure primitive ping ocf:pacemaker:ping params name="default_ping_set" host_list="192.168.111.1" multiplier="1000" dampen="5s" op monitor interval="10s"
crm configure clone clone_ping ping
crm configure location web_location web rule -inf: not_defined default_ping_set or default_ping_set lt 1000
`

describe.each(releasesFor('cib show', 'bookworm', 'bullseye', 'trixie'))(
  'a cluster that others made, on %s',
  (release) => {
    let lab: Lab
    let folder: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bringup-cib-show-'))
      lab = await raiseLab({ nodes: 2, release, warm: ['cluster'] })
    })
    afterAll(async () => {
      await lab?.down()
      await rm(folder, { recursive: true, force: true })
    })

    const play = (...args: string[]) =>
      bringupRun([...args, '-i', lab.inventory, '-i', INVENTORY], {
        env: { HACLUSTER_PASSWORD: 'correct-horse-battery', ODD_PASSWD: PASSWORD },
      })
    const sh = async (script: string, input?: string): Promise<string> => {
      const { exitCode, stdout, stderr } = await lab.exec(
        'server1',
        script,
        input === undefined ? {} : { input },
      )
      expect(exitCode, `${script}\n${stdout}${stderr}`).toBe(0)
      return stdout
    }
    const show = (...args: string[]) =>
      $({ nothrow: true, quiet: true })`node bin/bringup.js cib show -i ${lab.inventory} ${args}`
    const epoch = async () => / epoch="\d+"/.exec(await sh('cibadmin --query'))?.[0]

    /** What cluster_resources would do to make the cluster exactly this. */
    const changesTo = async (vars: string): Promise<string[]> => {
      await writeFile(join(folder, 'vars.yml'), vars)
      await sh('crm_resource --wait --timeout=120')
      const extra = ['-e', `@${join(folder, 'vars.yml')}`, '-e', 'cluster_purge=true']
      const run = await play('playbooks/vip-cluster.yml', '--start-at', 'cluster_resources', ...extra)
      expect(run.exitCode, run.output).toBe(0)
      return run.events.flatMap((event) =>
        event.type === 'task_end' ? event.changes.map(({ summary }) => summary) : [],
      )
    }
    const emptied = async (): Promise<void> => {
      // The properties go last: with fencing on again, and nothing to fence with, nothing would be stopped any more.
      await sh(`for section in constraints resources; do
      cibadmin --replace --scope "$section" --xml-text "<$section/>" || exit; done
      crm_resource --wait --timeout=120 || exit
      cibadmin --replace --scope crm_config --xml-text "<crm_config/>" || exit
      for section in rsc_defaults op_defaults; do cibadmin --delete --xml-text "<$section/>" || exit; done`)
      const { stdout } = await show()
      expect(parse(stdout)).toEqual({})
    }
    /** Plays what is printed for a shell on the emptied cluster. */
    const built = async (as: 'pcs' | 'crm'): Promise<string> => {
      const { stdout, stderr, exitCode } = await show('--as', as)
      expect(exitCode, stderr).toBe(0)
      expect(found(stdout + stderr, needlesOf(PASSWORD))).toEqual([])
      await emptied()
      // For crm the placeholder is replaced, in its own quotes; for pcs it is a variable.
      const script = stdout.replace('"<ODD_PASSWD>"', () => `"${PASSWORD.replaceAll('"', String.raw`\"`)}"`)
      await sh(`cat >/tmp/script && ODD_PASSWD='${PASSWORD.replaceAll("'", `'\\''`)}' sh /tmp/script`, script)
      return stderr
    }

    test('the cluster itself', async () => {
      const cluster = await play('playbooks/vip-cluster.yml')
      expect(cluster.exitCode, cluster.output).toBe(0)
    })

    test('typed in crm: printed as vars that change nothing', async () => {
      await sh(`crm configure property stop-all-resources=true\n${TYPED}
      crm resource stop web && crm_attribute --name stop-all-resources --delete`)
      const { stdout, stderr, exitCode } = await show()
      expect(exitCode, stderr).toBe(0)
      expect(stderr).toBe('')
      expect(stdout).toMatch(/^# The cluster adopted, as server1 knows it\.\n/)
      expect(parse(stdout)).toMatchObject({
        cluster_properties: { 'no-quorum-policy': 'ignore', 'stonith-enabled': false },
        cluster_resource_defaults: { 'resource-stickiness': 'INFINITY', 'migration-threshold': 3 },
        cluster_resources: {
          vip: {
            options: { ip: '192.168.111.203', nic: 'ens33', cidr_netmask: 24 },
            operations: { monitor: '10s' },
          },
          ping: { options: { name: 'default_ping_set', dampen: '5s' }, clone: { id: 'clone_ping' } },
        },
        cluster_groups: { web: { resources: ['vip', 'httpd'], meta: { 'target-role': 'Stopped' } } },
        cluster_constraints: {
          location: [
            {
              id: 'web_location',
              resource: 'web',
              rule: 'not_defined default_ping_set or default_ping_set lt 1000',
              score: '-INFINITY',
            },
          ],
        },
      })
      const before = await epoch()
      expect(await changesTo(stdout)).toEqual([])
      expect(await epoch()).toBe(before)
    })

    test.each(['pcs', 'crm'] as const)('%s builds the same from what is printed for it', async (as) => {
      const { stdout: vars } = await show()
      expect(await built(as)).toBe('')
      expect(await changesTo(vars)).toEqual([])
      expect(parse((await show()).stdout)).toEqual(parse(vars))
    })

    test('made by hand with all that can be declared: the same, and no password is printed', async () => {
      const xml = await readFile(new URL('cib_show.xml', import.meta.url), 'utf8')
      // Before pacemaker 2.1 there are other words.
      const older = xml.replaceAll('Unpromoted', 'Slave').replaceAll('Promoted', 'Master')
      const words = release === 'bullseye' ? older : xml
      await emptied()
      await sh(
        'cat >/tmp/hand.xml && cibadmin --replace --scope configuration --xml-file /tmp/hand.xml && crm_verify -LV',
        words.replace('PASSWORD', () => PASSWORD.replaceAll('"', '&quot;')),
      )
      const { stdout: vars, stderr, exitCode } = await show()
      expect(exitCode, stderr).toBe(0)
      expect(found(vars + stderr, needlesOf(PASSWORD))).toEqual([])
      expect(stderr).toBe('not said: odd: passwd, for which ODD_PASSWD stands\n')
      expect(await changesTo(vars)).toEqual([])
      for (const as of ['pcs', 'crm'] as const) {
        expect(await built(as)).toBe('not said: odd: passwd, for which ODD_PASSWD stands\n')
        expect(await changesTo(vars)).toEqual([])
      }
    })

    test('another node is asked where the cluster does not run; where it runs nowhere, there is nothing to print', async () => {
      await sh('pcs cluster stop server1')
      const other = await show()
      expect(other.exitCode, other.stderr).toBe(0)
      // The name was emptied with the rest, and comes back with the next DC.
      expect(other.stdout).toMatch(/^# The cluster( adopted)?, as server2 knows it\.\n/)

      await lab.exec('server2', 'pcs cluster stop --force server2')
      const none = await show()
      expect([none.exitCode, none.stdout]).toEqual([2, ''])
      expect(none.stderr).toContain('no cluster runs on server1, server2')

      await lab.powerOff('server1')
      const away = await show()
      expect([away.exitCode, away.stdout]).toEqual([4, ''])
    })
  },
)
