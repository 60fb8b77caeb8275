import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import { placeSource } from '../support/drbd_source.ts'
import type { Source } from '../support/drbd_source.ts'
import { taskEnds } from '../support/engine_project.ts'

export interface Suite {
  readonly source: () => Promise<Source>
  /** The inventory of the site, which is read after the lab's own. */
  readonly inventory: string
  /** Packages that the builder needs, lying in its apt cache. */
  readonly build: readonly string[]
  /** What the cluster goes through. */
  readonly trials: readonly ('drill' | 'both off')[]
}

const NODES = ['server1', 'server2']

/** `playbooks/drbd-cluster.yml` from bare machines, on virtual machines, with a module built of a tarball. */
export function drbdClusterSuite({ source, inventory, build, trials }: Suite): void {
  let lab: Lab
  let made: Source
  let sources: string
  beforeAll(async () => {
    made = await source()
    lab = await raiseLab({
      kind: 'vms',
      nodes: 2,
      client: true,
      builder: { warm: build },
      installed: ['cluster', 'drbd-utils'],
    })
    sources = placeSource(lab, made)
  })
  afterAll(() => lab?.down())

  const play = (playbook: string, ...args: readonly string[]) => {
    const inventories = [lab.inventory, inventory, sources]
    return bringupRun([playbook, ...inventories.flatMap((path) => ['-i', path]), ...args], {
      env: { HACLUSTER_PASSWORD: 'correct-horse-battery' },
    })
  }
  const say = async (node: string, command: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await lab.exec(node, command)
    expect(exitCode, `${node}: ${command}: ${stderr}`).toBe(0)
    return stdout.trim()
  }
  const mounted = (node: string): Promise<string> => say(node, 'findmnt -rno SOURCE,TARGET /srv || :')
  const active = async (): Promise<string[]> => {
    const found = await Promise.all(NODES.map(async (node) => [node, await mounted(node)] as const))
    return found.filter(([, mount]) => mount === '/dev/drbd0 /srv').map(([node]) => node)
  }

  test('bare machines become a cluster with a replicated disk, built for once', async () => {
    const { exitCode, events, output } = await play('playbooks/drbd-cluster.yml')
    expect(exitCode, output).toBe(0)
    const builds = taskEnds(events).filter((end) => / build DRBD /.test(end))
    expect(builds).toEqual([expect.stringMatching(/^builder build DRBD .* changed$/)])
    for (const node of NODES) {
      expect(await say(node, 'head -n 1 /proc/drbd')).toContain(`version: ${made.version} `)
      expect(await say(node, 'cat /sys/module/drbd/srcversion')).toBe(
        await say(node, 'modinfo -F srcversion /lib/modules/$(uname -r)/updates/drbd/drbd.ko'),
      )
      expect(await say(node, 'command -v gcc make || echo none')).toBe('none')
    }
    expect(await active()).toHaveLength(1)
  })

  test('the next run changes nothing', async () => {
    const { exitCode, changed, output } = await play('playbooks/drbd-cluster.yml')
    expect(exitCode, output).toBe(0)
    expect(changed).toEqual([])
  })

  test.runIf(trials.includes('drill'))('whichever way the active node fails, nothing is lost', async () => {
    const { exitCode, output } = await play('playbooks/drill-failover.yml')
    expect(exitCode, output).toBe(0)
  })

  test.runIf(trials.includes('both off'))(
    'after both were off, the data are where they were, on one node',
    async () => {
      const [before = ''] = await active()
      await say(before, 'echo kept > /srv/kept && sync /srv/kept')
      for (const node of NODES) await lab.powerOff(node)
      for (const node of NODES) await lab.powerOn(node)
      await expect.poll(() => active().catch(() => []), { timeout: 600_000, interval: 5000 }).toHaveLength(1)
      const [now = ''] = await active()
      expect(await say(now, 'cat /srv/kept')).toBe('kept')
    },
  )

  test('and still there is nothing to change', async () => {
    const { exitCode, changed, output } = await play('playbooks/drbd-cluster.yml')
    expect(exitCode, output).toBe(0)
    expect(changed).toEqual([])
  })
}
