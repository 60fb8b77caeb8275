import { defineRole } from 'bringup'
import type { Node, Nodes } from 'bringup'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { resourceWarnings } from '../../src/drbd/warnings.ts'
import { drbdAdjust } from '../../src/operations/drbd_adjust.ts'
import { drbdConfig } from '../../src/operations/drbd_config.ts'
import { startAtBoot } from './at_boot.ts'
import { connect } from './connect.ts'
import { itsChanges } from './its_changes.ts'
import { itsName } from './its_name.ts'
import { metadataOf } from './metadata.ts'
import type { MetadataWanted } from './metadata.ts'
import { drbdResourceVars } from './vars.ts'
import type { DrbdResourceVars } from './vars.ts'

type Member = Node<DrbdResourceVars>

export default defineRole({
  summary: 'The DRBD resources are configured, have metadata, are up, and connected on all nodes',
  vars: drbdResourceVars,

  async inspect({ nodes, vars }) {
    await nodes.each(async (node) => {
      for (const want of metadataIn(vars.drbd_resources, node.name)) await node.drbd_metadata(want)
    })
  },

  async run({ nodes, vars, check, warn }) {
    const resources = vars.drbd_resources
    for (const warning of resources.flatMap(resourceWarnings)) warn(warning)
    const groups = resources.map((resource) => ({ resource, members: membersOf(nodes, resource) }))
    const of = (node: Member): DrbdResource[] =>
      resources.filter((resource) => resource.nodes.some(({ name }) => name === node.name))
    const members = nodes.where((node) => of(node).length > 0)

    await members.each(async (node) => {
      await itsName(node)
      await itsDriver(node, of(node), check)
      for (const { name } of of(node)) await itsChanges(node, name, of(node))
    })
    await members.each((node) => node.do(drbdConfig, { resources: of(node) }))
    await members.each(async (node) => {
      for (const want of metadataIn(resources, node.name)) await node.drbd_metadata(want)
    })
    await members.each(async (node) => {
      for (const { name } of of(node)) await node.do(drbdAdjust, { resource: name, resources: of(node) })
    })
    if (!check)
      for (const group of groups) await connect(group.members, group.resource, vars.drbd_connect_timeout)
    await members.each((node) => startAtBoot(node, vars.drbd_at_boot))
  },
})

const metadataIn = (resources: readonly DrbdResource[], node: string): MetadataWanted[] =>
  resources.flatMap((resource) => metadataOf(resource, node))

/** All nodes of a resource: half of them cannot be connected, nor be judged. @throws HOST_UNKNOWN */
function membersOf(nodes: Nodes<DrbdResourceVars>, resource: DrbdResource): Nodes<DrbdResourceVars> {
  return nodes.named(...resource.nodes.map(({ name }) => name))
}

async function itsDriver(node: Member, resources: readonly DrbdResource[], check: boolean): Promise<void> {
  await node.require(
    'the module that the resources are declared for',
    async ({ $ }) => {
      const { stdout } = await $.read({ nothrow: true })`cat /proc/drbd`
      const version = /^version: (\S+)/m.exec(stdout)?.[1]
      if (version === undefined) return check || 'no DRBD module is loaded'
      const other = resources.find(({ driver }) => !version.startsWith(driver === '9' ? '9.' : '8.4.'))
      return other === undefined || `DRBD ${version} is loaded, and ${other.name} is for ${other.driver}`
    },
    'Load the right module (the role drbd_module does), or say `driver` of the resource as it is.',
  )
}
