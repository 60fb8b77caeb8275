import { BringupError, defineRole } from 'bringup'
import type { Node } from 'bringup'
import { MARKER_PATH, parseMarker } from '../../src/evacuation/marker.ts'
import { VZ, vzVolume } from '../../src/evacuation/vz_disk.ts'
import type { VzVolume } from '../../src/evacuation/vz_disk.ts'
import { writeMarker } from '../../src/evacuation/write_marker.ts'
import { evacuationVars } from '../vz_evacuate/vars.ts'
import type { EvacuationVars } from '../vz_evacuate/vars.ts'
import { mountVz, unmountVz } from './carrier.ts'
import { nextStep } from './decide.ts'
import type { RestoreStep } from './decide.ts'
import { lookAtCarrier } from './look.ts'
import type { SeenCarrier } from './look.ts'
import { removeCopy } from './remove.ts'
import { restore } from './restore.ts'

type Member = Node<EvacuationVars>

export default defineRole({
  summary: 'What was in /vz is on the replicated disk, compared with what it was',
  vars: evacuationVars,

  async run({ nodes, vars, check, atEnd }) {
    const { from, keep, resource } = vars.evacuation
    const volume = vzVolume(vars.drbd_resources, resource)
    const node = nodes.named(from).first
    const marker = parseMarker(await node.readText(MARKER_PATH))
    if (marker === null) return
    if (check && (marker.phase === 'evacuated' || marker.phase === 'restoring')) {
      await node.task(`${VZ} is restored`, { met: async () => false, apply: async () => undefined })
      return
    }
    if (marker.phase === 'restored' && (keep || marker.copy === null)) return
    const members = nodes.named(...volume.resource.nodes.map(({ name }) => name))
    const device = `/dev/drbd${volume.minor}`
    const seen = await lookAt(node, volume)
    const step = nextStep({ node: from, device, marker, fileSystem: seen.fileSystem, keep })
    switch (step.kind) {
      case 'refused':
        throw new BringupError('REFUSED', step.reason, { remedy: step.remedy })
      case 'remove':
        await removeCopy(members, from, volume.resource, step)
        return
      case 'restore': {
        mayWrite(seen, device, step)
        const carrier = { device, type: step.onto.type, resource: volume.resource.name }
        let mounted = true
        atEnd(async ({ nodes: again }) => {
          if (mounted) await unmountVz(again.named(from).first, carrier)
        })
        await mountVz(node, carrier)
        await restore(node, { ...step, device })
        await unmountVz(node, carrier)
        mounted = false
        const { was, copy, onto } = step
        await writeMarker(node, { phase: 'restored', was, copy, onto })
        if (!keep) await removeCopy(members, from, volume.resource, { was, copy, onto })
      }
    }
  },
})

async function lookAt(node: Member, { resource, minor, diskOn }: VzVolume): Promise<SeenCarrier> {
  const disk = diskOn(node.name)
  if (disk === undefined)
    throw new BringupError('VAR_INVALID', `evacuation.from: ${resource.name} has no disk on ${node.name}`, {
      remedy: 'Name the node that has the data, as drbd_resources does.',
    })
  let seen: SeenCarrier | undefined
  await node.require(
    `what is on ${resource.name}`,
    async (context) => {
      seen = await lookAtCarrier(context, { resource: resource.name, minor }, disk)
      return true
    },
    '',
  )
  if (seen === undefined) throw new BringupError('INTERNAL', `${disk} was not looked at`)
  return seen
}

function mayWrite(
  { notWritable, managed, uses }: SeenCarrier,
  device: string,
  { copy }: Extract<RestoreStep, { kind: 'restore' }>,
): void {
  const why = managed
    ? `Pacemaker mounts ${VZ}: it would have two masters`
    : uses.length > 0
      ? `it is ${uses.join(', ')}`
      : notWritable
  if (why === undefined) return
  throw new BringupError('REFUSED', `${VZ} cannot be restored to ${device} on this node now`, {
    expected: `UpToDate here, used by nobody, with no resource of Pacemaker for ${VZ} yet`,
    seen: why,
    remedy: `The copy is in ${copy.to}, and stays. Put that in order, then run again.`,
  })
}
