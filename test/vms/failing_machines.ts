import { rm, truncate, writeFile } from 'node:fs/promises'
import { labPlace } from '../../scripts/lab/place.ts'
import { raiseLab } from '../../scripts/lab/raise.ts'
import { disk } from '../../scripts/lab/vm/qemu.ts'
import type { Machines } from '../rebuild/machines.ts'

const SPARE = 512 * 1024 ** 2

/** Two of the lab's virtual machines. */
export async function failingMachines(): Promise<Machines> {
  const lab = await raiseLab({ kind: 'vms', nodes: 2, installed: ['cluster', 'drbd-utils'] })
  return {
    inventory: () => lab.inventory,
    within: ['nsenter', `--net=${lab.netns}`],
    powerOff: (name) => lab.powerOff(name),
    powerOn: (name) => lab.powerOn(name),
    reinstall: (name) => lab.reinstall(name),
    async replaceDisk(name) {
      const spare = disk(labPlace(lab.name), name, 'spare')
      await rm(spare)
      await writeFile(spare, '')
      await truncate(spare, SPARE)
    },
    [Symbol.asyncDispose]: () => lab.down(),
  }
}
