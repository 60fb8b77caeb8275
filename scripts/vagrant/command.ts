import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, relative } from 'node:path'
import { labPlace } from '../lab/place.ts'
import { writeInventory } from './inventory.ts'
import { vagrantMachines } from './machines.ts'
import { raiseVagrant } from './raise.ts'

export const usage = `  npm run lab -- --vagrant                     the inventory of the machines that "vagrant up" raised
  npm run lab -- --vagrant PLAYBOOK …          and a playbook on them; … are options of "bringup run"
  npm run lab -- --vagrant --own-libvirt …     raises two first, of Debian's packages, where there is neither KVM nor
                                               a public box; they go when the command ends`

/**
 * `npm run lab -- --vagrant`: writes the inventory of Vagrant's machines, then runs a playbook on them, if one is given.
 *
 * @returns the exit code
 */
export async function onVagrant(args: readonly string[], say: (line: string) => void): Promise<number> {
  const [first, ...rest] = args
  if (first !== '--own-libvirt') {
    const machines = await vagrantMachines({ enter: [], env: {} })
    return runOn(await writeInventory(labPlace('vagrant').dir, machines), args)
  }
  const nodes = Number(process.env['BRINGUP_NODES'] ?? 2)
  await using lab = await raiseVagrant({ name: 'vagrant', nodes }, say)
  return await runOn(lab.inventory, rest)
}

async function runOn(inventory: string, [playbook, ...options]: readonly string[]): Promise<number> {
  console.log(`inventory  ${relative(process.cwd(), inventory)}`)
  if (playbook === undefined) return 0
  const bringup = join(import.meta.dirname, '../../bin/bringup.js')
  const child = spawn(process.execPath, [bringup, 'run', playbook, '-i', inventory, ...options], {
    stdio: 'inherit',
  })
  // Ctrl-C reaches both; the run tells what it leaves, and ends by itself.
  const wait = (): void => undefined
  process.on('SIGINT', wait)
  const [code] = (await once(child, 'exit')) as [number | null]
  process.off('SIGINT', wait)
  return code ?? 130
}
