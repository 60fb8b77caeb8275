import { defineRole, z } from 'bringup'

export default defineRole({
  summary: 'A few steps that write below one directory only',
  vars: z.strictObject({ small_root: z.string().describe('An existing directory.') }),

  async run({ nodes }) {
    await nodes.each((node) => {
      const root = `${node.vars.small_root}/app`
      return Promise.all([
        node.directory({ path: root, mode: '0755' }),
        node.directory({ path: `${root}/etc`, mode: '0750' }),
        node.file({ path: `${root}/etc/app.conf`, source: 'app.conf', mode: '0640' }),
        node.file({ path: `${root}/etc/name`, content: `${node.name}\n`, mode: '0644' }),
        node.line({ path: `${root}/etc/settings`, line: 'simulated = yes', create: true }),
        node.symlink({ path: `${root}/current`, target: 'etc' }),
      ])
    })
  },
})
