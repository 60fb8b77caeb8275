import { expect } from 'vitest'
import { local } from '../../scripts/lab/local.ts'
import { raiseVagrant } from '../../scripts/vagrant/raise.ts'
import { traces } from '../containers/traces.ts'
import type { Machines } from '../rebuild/machines.ts'
import { allWays, rebuildSuite } from '../rebuild/suite.ts'
import { until } from '../support/until.ts'

const NAME = 'rebuild-test'
const SPARE = 128 * 1024 ** 2

rebuildSuite(allWays, async (): Promise<Machines> => {
  const installed = ['cluster', 'drbd-utils']
  const lab = await raiseVagrant({ name: NAME, nodes: 3, first: 2, installed, spare: SPARE }, console.error)
  const virsh = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } =
      await local()`${lab.way.enter} virsh -c qemu:///system ${args}`.nothrow()
    expect(exitCode, `virsh ${args.join(' ')}: ${stderr}`).toBe(0)
    return stdout
  }
  const domain = async (name: string): Promise<string> => {
    const names = (await virsh('list', '--all', '--name')).split('\n')
    return names.find((one) => one.endsWith(`_${name}`)) ?? name
  }
  return {
    inventory: () => lab.inventory,
    within: ['nsenter', `--net=${lab.netns}`],
    powerOff: async (name) => void (await virsh('destroy', await domain(name))),
    async powerOn(name) {
      await virsh('start', await domain(name))
      const asked = () =>
        local()`node bin/bringup.js exec -i ${lab.inventory} --limit ${name} -- true`.nothrow()
      await until(async () => (await asked()).exitCode === 0)
    },
    reinstall: (name) => lab.replace([name]),
    async replaceDisk(name) {
      const disks = await virsh('domblklist', '--details', await domain(name))
      const path = /^ *file +disk +vdb +(\S+)$/m.exec(disks)?.[1] ?? ''
      expect(path, disks).not.toBe('')
      const info = await local()`${lab.way.enter} qemu-img info --output=json ${path}`
      const { format } = JSON.parse(info.stdout) as { format: string }
      await local()`${lab.way.enter} qemu-img create -f ${format} ${path} ${SPARE}`
    },
    async [Symbol.asyncDispose]() {
      await lab[Symbol.asyncDispose]()
      await until(async () => (await traces(NAME)).length === 0)
    },
  }
})
