import { defineRole } from 'bringup'
import { mkfsOnDrbd } from './place.ts'
import { filesystemVars } from './vars.ts'

const PACKAGES = { ext4: 'e2fsprogs', xfs: 'xfsprogs' } as const

export default defineRole({
  summary: 'The file systems are made, each only where nothing else was',
  vars: filesystemVars,

  async inspect({ nodes, vars }) {
    for (const wanted of vars.filesystems) {
      if ('resource' in wanted) await mkfsOnDrbd(nodes, vars, wanted)
      else {
        const { device, type } = wanted
        await nodes.each((node) => node.mkfs({ device, type }))
      }
    }
  },

  async run({ nodes, vars }) {
    const tools = [...new Set(vars.filesystems.map(({ type }) => PACKAGES[type]))]
    // On all: the node that takes over checks and mounts it too.
    await nodes.each((node) => node.package({ names: tools }))
    for (const wanted of vars.filesystems) {
      if ('resource' in wanted) await mkfsOnDrbd(nodes, vars, wanted)
      else {
        const { device, type, label, options, mountpoint, mount_options } = wanted
        await nodes.each(async (node) => {
          await node.mkfs({ device, type, options, ...(label === undefined ? {} : { label }) })
          if (mountpoint !== undefined)
            await node.mount({ mountpoint, spec: device, type, options: mount_options })
        })
      }
    }
  },
})
