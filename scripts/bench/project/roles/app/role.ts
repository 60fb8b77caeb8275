import { defineRole, z } from 'bringup'
import { backendsConf, hostConf, shardsConf, vhostConf, workersConf } from './templates.ts'

/** The forty steps of the benchmark; `ansible/site.yml` and the script of the lower bound hold the same ones. */
export default defineRole({
  summary: 'Forty idempotent steps, as a small application needs them',
  vars: z.strictObject({}),

  async run({ nodes }) {
    await nodes.each((node) => {
      const { name } = node
      const root = `/srv/bench/${name}`
      const legacy = `/srv/bench-legacy/${name}`
      const user = `bench-${name}`
      const own = { owner: user, group: user }
      const conf = { owner: 'root', group: user, mode: '0640' }
      const open = { owner: 'root', group: 'root', mode: '0644' }
      const service = (number: number) =>
        node.service({ name: `bench-worker@${name}-${number}`, state: 'started', enabled: true })

      return Promise.all([
        node.package({ names: ['tree', 'pv', 'lsof'] }),
        node.group({ name: user }),
        node.user({ name: user, group: user, home: `${root}/lib`, shell: '/usr/sbin/nologin', system: true }),

        node.directory({ path: root, owner: 'root', group: user, mode: '0755' }),
        node.directory({ path: `${root}/etc`, owner: 'root', group: user, mode: '0750' }),
        node.directory({ path: `${root}/etc/conf.d`, owner: 'root', group: user, mode: '0750' }),
        node.directory({ path: `${root}/lib`, ...own, mode: '0700' }),
        node.directory({ path: `${root}/log`, ...own, mode: '0750' }),
        node.directory({ path: `${root}/spool`, ...own, mode: '0770' }),
        node.directory({ path: `${root}/cache`, ...own, mode: '0755' }),
        node.directory({ path: `${root}/www`, owner: 'root', group: 'root', mode: '0755' }),

        node.file({ path: `${root}/etc/app.conf`, source: 'app.conf', ...conf }),
        node.file({ path: `${root}/etc/cache.conf`, source: 'cache.conf', ...conf }),
        node.file({ path: `${root}/etc/limits.conf`, source: 'limits.conf', ...conf }),
        node.file({ path: `${root}/etc/logging.conf`, source: 'logging.conf', ...conf }),
        node.file({ path: `${root}/etc/proxy.conf`, source: 'proxy.conf', ...conf }),
        node.file({ path: `${root}/etc/rules.conf`, source: 'rules.conf', ...conf }),
        node.file({ path: `${root}/www/index.html`, source: 'index.html', ...open }),
        node.template({ path: `${root}/etc/host.conf`, template: hostConf, data: { name, root }, ...conf }),
        node.template({ path: `${root}/etc/vhost.conf`, template: vhostConf, data: { name, root }, ...conf }),
        node.template({
          path: `${root}/etc/workers.conf`,
          template: workersConf,
          data: { name, workers: 4 },
          ...conf,
        }),
        node.template({
          path: `${root}/etc/backends.conf`,
          template: backendsConf,
          data: { backends: 40 },
          ...conf,
        }),
        node.template({
          path: `${root}/etc/shards.conf`,
          template: shardsConf,
          data: { name, shards: 80 },
          ...conf,
        }),

        node.line({ path: `${legacy}/settings.conf`, line: 'port = 8443', match: '^port = ' }),
        node.line({ path: `${legacy}/settings.conf`, line: 'tls = on', match: '^#?tls = ' }),
        node.line({ path: `${legacy}/settings.conf`, line: `name = ${name}`, match: '^name = ' }),
        node.line({ path: `${legacy}/limits.conf`, line: 'nofile = 65536', match: '^nofile = ' }),
        node.line({ path: `${legacy}/limits.conf`, line: 'nproc = 4096' }),
        node.line({ path: `${legacy}/limits.conf`, line: 'core = 0' }),

        node.symlink({ path: `${root}/etc/conf.d/10-app.conf`, target: '../app.conf' }),
        node.symlink({ path: `${root}/etc/conf.d/20-cache.conf`, target: '../cache.conf' }),
        node.symlink({ path: `${root}/etc/conf.d/30-proxy.conf`, target: '../proxy.conf' }),
        node.symlink({ path: `${root}/current`, target: `${root}/www` }),

        service(1),
        service(2),
        service(3),
        service(4),

        node.command({
          run: ['cp', `${root}/etc/app.conf`, `${root}/lib/seed.conf`],
          creates: `${root}/lib/seed.conf`,
        }),
        node.command({
          run: ['gzip', '-kn', `${root}/www/index.html`],
          creates: `${root}/www/index.html.gz`,
        }),
        node.command({
          run: ['mv', `${legacy}/to-migrate`, `${root}/spool/migrated`],
          removes: `${legacy}/to-migrate`,
        }),
      ])
    })
  },
})
