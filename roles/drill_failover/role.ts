import { BringupError, defineRole } from 'bringup'
import type { Node, Nodes } from 'bringup'
import { placeOf } from '../drill_standby/moves.ts'
import { drillTargets } from './targets.ts'
import { comeBack, lifeOf } from './come_back.ts'
import { called, disturb, onObserver } from './disturb.ts'
import { notWell, startedOn, statusOf } from './health.ts'
import { lostRecords, startWriter } from './records.ts'
import type { Writer } from './records.ts'
import { measured, report } from './report.ts'
import { drillVars } from './vars.ts'
import type { DrillVars, Step } from './vars.ts'
import { endWatch, startWatch } from '../drill_standby/watch.ts'

type Member = Node<DrillVars>

export default defineRole({
  summary:
    'What was written before a node failed is there on the other one; how long it was away was measured',
  vars: drillVars,

  async run({ nodes, check, atEnd, warn }) {
    const cluster = nodes.in('cluster')
    const observer = nodes.in('observers').first
    const { address, directory, ids } = drillTargets(cluster.first.vars)
    await cluster.first.require(
      'a cluster that is well, and in sync',
      async () => {
        if (cluster.size < 2) return 'there is only one node'
        const ills = await notWell(cluster.first, cluster, ids)
        return ills.length === 0 || ills.join('; ')
      },
      'Bring it into order first, and wait for a sync to end: bringup status tells how far it is. Then run again.',
    )
    const place = await activeNode(cluster, cluster.first, ids)
    await place.require(
      `${directory} is mounted where ${ids[0]} is`,
      async ({ $ }) => {
        const { exitCode } = await $.read({ nothrow: true })`mountpoint -q ${directory}`
        return exitCode === 0 || `it is not, on ${place.name}`
      },
      'Put file system and address into one group, so that they are on one node.',
    )
    if (check) return

    const folder = `${directory}/.bringup-drill`
    await place.$`sh -c ${'rm -rf "$0" && mkdir -m 0700 "$0" && : >"$0/records" && sync "$0/records" "$0" "${0%/*}"'} ${folder}`
    const writer = startWriter(cluster, `${folder}/records`)
    atEnd(async ({ nodes: all }) => {
      await writer.end()
      await all.in('cluster').each((node) => node.$.read({ nothrow: true, timeout: 60 })`rm -rf ${folder}`)
    })
    for (const step of cluster.first.vars.drill_steps)
      await strike(step, { cluster, observer, writer, folder, address, ids, atEnd })
    await writer.end()
    if (cluster.size === 2 && !(await statusOf(cluster.first)).fencingEnabled) warn(WITHOUT_FENCING)
  },
})

interface Scene {
  readonly cluster: Nodes<DrillVars>
  readonly observer: Member
  readonly writer: Writer
  readonly folder: string
  readonly address: string
  readonly ids: readonly [string, string]
  readonly atEnd: (action: (context: { nodes: Nodes<DrillVars> }) => Promise<unknown>) => void
}

async function strike(step: Step, scene: Scene): Promise<void> {
  const { cluster, observer, writer, folder, address, ids, atEnd } = scene
  const active = await activeNode(cluster, cluster.first, ids)
  const via = cluster.where((node) => node !== active).first
  const { drill_timeout: timeout, drill_power_on: powerOn } = active.vars
  const life = await lifeOf(active)
  const sum = await writeFile(active, `${folder}/before-${step}`)
  const watch = await startWatch(observer, address)
  atEnd(({ nodes }) => endWatch(nodes.named(observer.name).first, watch))
  // A node is never left on standby, or off, whatever goes wrong in between.
  let restored = false
  const restore = async (by: Nodes<DrillVars>): Promise<void> => {
    if (restored) return
    restored = true
    if (step === 'standby')
      await by.named(via.name).first.$`crm_attribute --node ${active.name} --name standby --delete`
    if (step === 'power' && powerOn !== undefined)
      await onObserver(by.named(observer.name).first, powerOn, active.name)
  }
  atEnd(({ nodes }) => restore(nodes))

  const from = performance.now()
  await disturb(step, active, observer)
  const taken = writer.acknowledged.length
  await via.wait_for({
    condition: async () => {
      // Whole, and not just on its way: an address that is being set up does not answer yet.
      const places = startedOn(await statusOf(via), ids)
      const [heir] = places
      const here = heir !== undefined && heir !== active.name && places.every((one) => one === heir)
      const written = writer.acknowledged.slice(taken).some(({ record }) => record.startsWith(`${heir}-`))
      if (here && written) return true
      return `${ids.map((id, index) => `${id} ${places[index] === undefined ? 'not started' : `on ${places[index]}`}`).join(', ')}`
    },
    description: `${ids.join(' and ')} on another node than ${active.name}, and written to`,
    interval: 0.5,
    timeout,
  })
  const seconds = await measured({ observer, watch, writer, from })
  await endWatch(observer, watch)
  const heir = await activeNode(cluster, via, ids)
  await intact(heir, `${folder}/before-${step}`, sum, step)
  await restore(scene.cluster)
  if (step !== 'standby') await comeBack(active, life, timeout)
  await via.wait_for({
    condition: async () => {
      const ills = await notWell(via, cluster, ids)
      return ills.length === 0 || ills.join('; ')
    },
    description: 'the cluster well again, and in sync',
    interval: 2,
    timeout,
  })
  const now = await activeNode(cluster, via, ids)
  await noneLost(now, `${folder}/records`, writer, step)
  report(observer, {
    what: called[step],
    active: active.name,
    heir: heir.name,
    seconds,
    count: writer.acknowledged.length,
  })
}

async function activeNode(cluster: Nodes<DrillVars>, via: Member, [vip, fs]: Scene['ids']): Promise<Member> {
  const [name, other] = await Promise.all([placeOf(via, vip), placeOf(via, fs)])
  if (name !== null && name === other) return cluster.named(name).first
  throw new BringupError('NOT_MET', `${vip} and ${fs} are not on one node`, {
    seen: `${vip} on ${name ?? 'no node'}, ${fs} on ${other ?? 'no node'}`,
    remedy: 'Put them into one group of cluster_resources.',
  })
}

/** A file of random bytes, fsynced with the folder that names it. @returns its checksum */
async function writeFile(node: Member, path: string): Promise<string> {
  const script = 'head -c 262144 /dev/urandom >"$0" && sync "$0" "${0%/*}" && sha256sum <"$0"'
  return (await node.$`sh -c ${script} ${path}`).stdout.trim()
}

async function intact(node: Member, path: string, sum: string, step: Step): Promise<void> {
  const { stdout, stderr } = await node.$.read({ nothrow: true })`sh -c ${'sha256sum <"$0"'} ${path}`
  if (stdout.trim() === sum) return
  throw new BringupError(
    'TASK_FAILED',
    `a file written before the ${called[step]} is not intact on ${node.name}`,
    {
      expected: sum,
      seen: stdout.trim() || stderr.trim(),
      remedy:
        "Do not trust this cluster with data. See DRBD's protocol (C), and the kernel logs of both nodes.",
    },
  )
}

async function noneLost(node: Member, file: string, writer: Writer, step: Step): Promise<void> {
  // Those that come in meanwhile may be in the file or not.
  const acknowledged = [...writer.acknowledged]
  const lost = lostRecords(acknowledged, (await node.$.read`cat ${file}`).stdout)
  if (lost.length === 0) return
  throw new BringupError(
    'TASK_FAILED',
    `${lost.length} of ${acknowledged.length} acknowledged records are lost after the ${called[step]}`,
    {
      seen: lost.slice(0, 5).join(', '),
      remedy:
        "Do not trust this cluster with data. See DRBD's protocol (C), and the kernel logs of both nodes.",
    },
  )
}

const WITHOUT_FENCING =
  'Two nodes without fencing: each took over because it could not reach the other, and here that one was really gone.\n' +
  'Had only the network between them failed, both would have gone on writing (split brain). What prevents it: a fence device (stonith-enabled=true, DRBD fencing resource-and-stonith), or a third node for DRBD quorum.'
