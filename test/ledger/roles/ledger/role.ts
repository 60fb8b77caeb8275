import { defineRole, z } from 'bringup'

const PROGRAM = '/usr/local/lib/ledger.py'

export default defineRole({
  summary:
    'A service that keeps what it is sent runs on every node, and answers where its folder is (tests only)',
  vars: z.strictObject({}),

  async run({ nodes }) {
    await nodes.each(async (node) => {
      await Promise.all([
        node.file({ path: PROGRAM, source: 'files/ledger.py' }),
        node.file({
          path: '/etc/systemd/system/ledger.service',
          content: `[Unit]\nDescription=Keeps what it is sent (tests only)\n[Service]\nExecStart=/usr/bin/python3 ${PROGRAM} /srv/ledger 7000\n[Install]\nWantedBy=multi-user.target\n`,
        }),
      ])
      await node.service({ name: 'ledger', state: 'started', enabled: true })
    })
  },
})
