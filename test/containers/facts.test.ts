import { describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import { labNode } from '../support/lab_node.ts'

describe.each([
  ['bullseye', '11', 247],
  ['bookworm', '12', 252],
  ['trixie', '13', 257],
] as const)('a node of Debian %s', (release, version, systemd) => {
  test('tells what it is', async () => {
    await using lab = await raiseLab({ nodes: 1, release })
    const node = await labNode(lab, 'server1')
    try {
      const { facts } = node
      expect(facts).toMatchObject({
        hostname: 'server1',
        os: { id: 'debian', version, codename: release },
        packageManager: 'apt',
        systemd,
        virtualization: 'systemd-nspawn',
        architecture: await node.sh('uname -m'),
        bootId: await node.sh('cat /proc/sys/kernel/random/boot_id'),
        cpus: Number(await node.sh('nproc')),
      })
      expect(facts.kernel.headers.package).toBe(`linux-headers-${await node.sh('uname -r')}`)
      expect(facts.addresses).toContainEqual({
        interface: 'host0',
        family: 'inet',
        address: lab.nodes[0]?.address,
        prefix: 24,
      })
      expect(facts.services['ssh']).toEqual({ active: 'active', enabled: 'enabled' })

      // Found from the files alone, and the same as systemd finds, which takes much longer.
      const listed = await node.sh('systemctl list-unit-files --type=service --full --no-legend --no-pager')
      const states = listed.split('\n').map((line) => line.split(/\s+/))
      const named = states.filter(([file]) => !file?.includes('@.'))
      expect(named.length).toBeGreaterThan(50)
      const found = named.map(([file = '']) => [file, facts.services[file.replace('.service', '')]?.enabled])
      expect(found).toEqual(named.map(([file, state]) => [file, state]))
    } finally {
      await node.close()
    }
  })
})
