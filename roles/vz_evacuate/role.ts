import { BringupError, defineRole } from 'bringup'
import type { Node, Nodes, Tag } from 'bringup'
import { vzVolume } from '../../src/evacuation/vz_disk.ts'
import { MARKER_PATH, parseMarker } from '../../src/evacuation/marker.ts'
import { writeMarker } from '../../src/evacuation/write_marker.ts'
import { linkEtc, lookAtEtc } from './etc_vz.ts'
import type { Step } from './decide.ts'
import { evacuate } from './evacuate.ts'
import { giveUp } from './give_up.ts'
import { leaveVz } from './leave.ts'
import type { SeenVz } from './look.ts'
import { stopOpenVz } from './stop.ts'
import { evacuationVars } from './vars.ts'
import type { EvacuationVars } from './vars.ts'
import { readVz, vz_wipe } from './wipe.ts'
import type { VzWanted } from './wipe.ts'

export default defineRole({
  summary: 'What was in /vz is copied away and compared, and the devices of /vz are free for DRBD',
  vars: evacuationVars,

  async inspect({ nodes: all, vars }) {
    const nodes = all.named(...membersOf(vars))
    const wanted = await wantedOn(nodes, vars)
    await nodes.each(async (node) => {
      const want = wanted.get(node.name)
      if (want !== undefined) await node.look(vz_wipe, want)
    })
  },

  async run({ nodes: all, vars, check }) {
    const nodes = all.named(...membersOf(vars))
    const wanted = await wantedOn(nodes, vars)
    const free = async (node: Node<EvacuationVars>): Promise<void> => {
      const want = wanted.get(node.name)
      if (want !== undefined) await freeDevice(node, want, check)
    }
    // What is kept comes first: until its copy was compared, nothing is lost on any other node.
    const from = nodes.where(({ name }) => name === vars.evacuation.from)
    await from.each(free)
    await nodes.where(({ name }) => name !== vars.evacuation.from).each(free)
  },
})

/** All nodes that DRBD brings /vz to: whether one of them has the data already, the others decide on too. */
const membersOf = ({ evacuation, drbd_resources }: EvacuationVars): string[] =>
  vzVolume(drbd_resources, evacuation.resource).resource.nodes.map(({ name }) => name)

/** What is wanted on each node that has a disk for /vz. */
async function wantedOn(
  nodes: Pick<Nodes<EvacuationVars, { name: string; groups: readonly string[]; $: { read: Tag } }>, 'map'>,
  { evacuation, drbd_resources }: EvacuationVars,
): Promise<Map<string, VzWanted>> {
  const { from, to, expendable, resource } = evacuation
  const volume = vzVolume(drbd_resources, resource)
  if (volume.diskOn(from) === undefined)
    throw new BringupError('VAR_INVALID', `evacuation.from: ${volume.resource.name} has no disk on ${from}`, {
      remedy: 'Name the node that has the data, as drbd_resources does.',
    })
  const all = await nodes.map(async ({ name: node, $ }) => {
    const device = volume.diskOn(node)
    return device === undefined ? undefined : { node, device, replica: await holdsReplica($.read, device) }
  })
  const disks = all.filter((one) => one !== undefined)
  return new Map(
    disks.map(({ node, device }) => {
      // Where others have the data already, this one is added to them: nothing of it is brought to them.
      const joins = disks.some((other) => other.node !== node && other.replica)
      return [node, { node, device, to, joins, keeps: node === from, expendable: expendable.includes(node) }]
    }),
  )
}

async function holdsReplica(read: Tag, device: string): Promise<boolean> {
  const { stdout } = await read({
    nothrow: true,
  })`blkid -p -s TYPE -o value -- ${device} 2>/dev/null; wipefs -n -p -- ${device} 2>/dev/null`
  return /(^|,)drbd$/m.test(stdout)
}

async function freeDevice(node: Node<EvacuationVars>, want: VzWanted, check: boolean): Promise<void> {
  const { seen, step, etcIsOwn } = await lookAtNode(node, want)
  switch (step.kind) {
    case 'refused':
      throw new BringupError('REFUSED', step.reason, { remedy: step.remedy })
    case 'copy':
      await evacuate(node, want, seen, check)
      break
    case 'lose':
      await giveUp(node, want, seen)
      break
    case 'wipe':
      await leaveVz(node)
      break
    case 'done':
    case 'foreign':
      // As on a node that was rebuilt, with an OpenVZ of its own.
      if (etcIsOwn) await stopOpenVz(node)
  }
  if (step.kind === 'copy' || step.kind === 'lose' || step.kind === 'wipe') await node.do(vz_wipe, want)
  if (step.kind !== 'done' && step.kind !== 'foreign') await recordWiped(node)
  if (etcIsOwn && step.kind !== 'copy') await linkEtc(node)
}

async function lookAtNode(
  node: Node<EvacuationVars>,
  want: VzWanted,
): Promise<{ seen: SeenVz; step: Step; etcIsOwn: boolean }> {
  let found: { seen: SeenVz; step: Step; etcIsOwn: boolean } | undefined
  await node.require(
    `how far the evacuation of ${want.device} is`,
    async (context) => {
      const [{ seen, step }, etc] = await Promise.all([readVz(context, want), lookAtEtc(context)])
      if (seen === undefined) return `there is no ${want.device}`
      found = { seen, step, etcIsOwn: etc.kind !== 'symlink' }
      return true
    },
    'Name the device of /vz as the disk of this node in drbd_resources.',
  )
  if (found === undefined) throw new BringupError('INTERNAL', `${want.device} was not looked at`)
  return found
}

async function recordWiped(node: Node<EvacuationVars>): Promise<void> {
  const marker = parseMarker(await node.readText(MARKER_PATH))
  if (marker?.phase !== 'wiping') throw new BringupError('INTERNAL', `nothing was wiped on ${node.name}`)
  await writeMarker(node, { phase: 'evacuated', was: marker.was, copy: marker.copy })
}
