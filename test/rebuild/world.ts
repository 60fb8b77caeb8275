import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { expect } from 'vitest'
import { local } from '../../scripts/lab/local.ts'
import { bringupRun, startBringup } from '../support/bringup.ts'
import type { RunResult, StartedRun } from '../support/bringup.ts'
import type { Machines } from './machines.ts'

const SITE = 'inventory/drbd-lab.yml'
const REBUILD = 'playbooks/rebuild-node.yml'
const env = { HACLUSTER_PASSWORD: 'correct-horse-battery' }

/** What somebody wrote into the inventory that is not so. */
export interface Mistake {
  /** Two hosts are taken for one another. */
  readonly swapped?: boolean
  readonly resource?: (resource: Resource) => void
}

/** A pair of the machines, as the inventory has it, and what is played on it. */
export class World {
  readonly lab: Machines
  /** The hosts that the inventory has as the cluster, and the DRBD nodes. */
  members = ['server1', 'server2']

  constructor(lab: Machines) {
    this.lab = lab
  }

  other(name: string): string {
    return this.members.find((one) => one !== name)!
  }

  play(playbook: string, ...more: readonly string[]): Promise<RunResult> {
    return this.begin(playbook, ...more).ended
  }

  begin(playbook: string, ...more: readonly string[]): StartedRun {
    return startBringup(this.#line(playbook, more), { env })
  }

  /** Nothing is done, and what was found is said, with what to do next. */
  async refused(says: RegExp, more: readonly string[], mistake: Mistake = {}): Promise<void> {
    const run = await bringupRun(this.#line(REBUILD, more, mistake), { env })
    const what = `${more.join(' ')} ${JSON.stringify(mistake)}: ${run.output}`
    // Each is worth to be known of: the next refusal does not depend on this one.
    expect.soft(run.exitCode, what).not.toBe(0)
    expect.soft(run.changed, what).toEqual([])
    expect.soft(run.stdout, what).toMatch(says)
  }

  /** @throws where the script fails */
  async on(name: string, script: string): Promise<string> {
    const inventory = this.lab.inventory()
    const { exitCode, stdout, stderr } =
      await local()`node bin/bringup.js exec -i ${inventory} --limit ${name} -- sh -c ${script}`.nothrow()
    expect(exitCode, `${name}: ${script}: ${stdout}${stderr}`).toBe(0)
    return stdout.trim().replace(/^\S+ +/gm, '')
  }

  /** The one member that has the replicated disk mounted. */
  async serving(): Promise<string> {
    const said = await Promise.all(
      this.members.map(async (name) => ({
        name,
        mount: await this.on(name, 'findmnt -rno SOURCE /srv || :').catch(() => ''),
      })),
    )
    const found = said.filter(({ mount }) => mount === '/dev/drbd0').map(({ name }) => name)
    expect(found).toHaveLength(1)
    return found[0]!
  }

  #line(playbook: string, more: readonly string[], mistake: Mistake = {}): string[] {
    return [playbook, ...this.#inventories(mistake).flatMap((path) => ['-i', path]), ...more]
  }

  /** The lab's inventory with only the members in it, and the site's own, with their disks. */
  #inventories({ swapped = false, resource: mistaken }: Mistake): string[] {
    const { members } = this
    const folder = dirname(this.lab.inventory())
    const own = join(folder, 'members.yml')
    const written = parse(readFileSync(this.lab.inventory(), 'utf8')) as Inventory
    const cluster = written.all.children['cluster']!
    const hosts = members.map((name, at) => [name, cluster.hosts[members.at(swapped ? -1 - at : at)!]])
    cluster.hosts = Object.fromEntries(hosts) as Record<string, unknown>
    writeFileSync(own, stringify(written, { lineWidth: 0 }))

    const site = join(folder, 'site.yml')
    const { all } = parse(readFileSync(SITE, 'utf8'), { logLevel: 'error' }) as Inventory
    const { drbd_resources } = all.children['cluster']!.vars as { drbd_resources: Resource[] }
    for (const resource of drbd_resources) {
      // Beside a client that writes all the while, DRBD copies no faster than this; its own 250 KiB/s take minutes.
      resource.disk = { 'c-min-rate': '40M' }
      resource.first_primary = members[0]!
      resource.nodes = members.map((name, node_id) => ({
        name,
        node_id,
        address: `192.168.111.10${name.at(-1)}`,
      }))
      for (const volume of resource.volumes)
        volume.disks = Object.fromEntries(members.map((name) => [name, '/dev/vdb']))
      mistaken?.(resource)
    }
    writeFileSync(site, stringify({ all: { children: { cluster: { vars: { drbd_resources } } } } }))
    return [own, SITE, site]
  }
}

interface Inventory {
  all: { children: Record<string, { hosts: Record<string, unknown>; vars?: unknown }> }
}

/** As it is written in the inventory. */
export interface Resource {
  disk: Record<string, string>
  first_primary: string
  nodes: { name: string; node_id: number; address: string }[]
  volumes: { minor: number; disks: Record<string, string> }[]
}
