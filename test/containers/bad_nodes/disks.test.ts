import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { operations } from '../../../src/operations/all.ts'
import { packageOperation } from '../../../src/operations/package.ts'
import { errorsOf } from '../../support/project.ts'
import { labNode } from '../../support/lab_node.ts'
import type { LabNode } from '../../support/lab_node.ts'

const { block, directory, file, ini, line, service, symlink, template } = operations

let lab: Lab
let node: LabNode
beforeAll(async () => {
  lab = await raiseLab({ nodes: 1, warm: ['tree'] })
  node = await labNode(lab, 'server1')
})
afterAll(async () => {
  await node?.close()
  await lab?.down()
})

/** What a person reads of each, by name. */
async function told(
  attempts: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Record<string, string>> {
  const all: Record<string, string> = {}
  for (const [name, attempt] of Object.entries(attempts)) all[name] = await errorsOf(attempt)
  return all
}

const OLD = 'old = 1\n'
const LONG = 'x'.repeat(5000)

describe('a full disk', () => {
  test('is told for all that writes, which leaves things as they were', async () => {
    await node.sh(`mkdir /srv/full; mount -t tmpfs -o size=256k,nr_inodes=20 none /srv/full
printf '${OLD}' >/srv/full/f; dd if=/dev/zero of=/srv/full/fill bs=4k 2>/dev/null || true`)
    const path = '/srv/full/f'
    const before = await node.sh('ls -lA /srv/full; sha256sum /srv/full/*')
    const reports = await told({
      file: () => node.perform(file, { path, content: LONG }),
      'a large file': () => node.perform(file, { path, content: LONG.repeat(50) }),
      template: () => node.perform(template, { path, template: () => LONG, data: null }),
      line: () => node.perform(line, { path, line: LONG }),
      ini: () => node.perform(ini, { path, section: 's', values: { key: LONG } }),
    })
    expect(await node.sh('ls -lA /srv/full; sha256sum /srv/full/*')).toBe(before)
    for (const report of Object.values(reports)) {
      expect(report).toMatch(/^no space left for \/srv\/full\/f \[WRITE_FAILED\]$/m)
      expect(report).toContain('No space left on device')
      expect(report).toContain('Make room on that filesystem (df -h, df -i).')
    }

    await node.sh('cd /srv/full; rm fill; n=0; while touch $n 2>/dev/null; do n=$((n + 1)); done')
    const noInodes = await told({
      file: () => node.perform(file, { path: '/srv/full/new', content: '' }),
      directory: () => node.perform(directory, { path: '/srv/full/new' }),
      symlink: () => node.perform(symlink, { path: '/srv/full/new', target: '/etc' }),
    })
    for (const report of Object.values(noInodes))
      expect(report).toMatch(/^no space left for \/srv\/full\/new \[WRITE_FAILED\]$/m)
    await node.sh('umount /srv/full')
  })

  test('in a package is told by apt, and the package is installed once there is room', async () => {
    await node.perform(packageOperation, { names: 'tree' })
    await node.perform(packageOperation, { names: 'tree', state: 'absent' })
    await node.sh('mount -t tmpfs -o size=16k none /usr/share/doc')
    const report = await errorsOf(() => node.perform(packageOperation, { names: 'tree' }))
    expect(report).toMatch(/^no space left on the host for packages \[WRITE_FAILED\]$/m)
    expect(report).toContain('No space left on device')
    expect(report).toContain('df -h')
    await node.sh('umount /usr/share/doc')
    await node.perform(packageOperation, { names: 'tree' })
    expect(await node.sh('dpkg --audit; tree --version | cut -c 1-4')).toBe('tree')
  })
})

describe('a read-only filesystem', () => {
  test('is told for all that writes', async () => {
    await node.sh(`mkdir /srv/ro; mount -t tmpfs none /srv/ro; printf '${OLD}' >/srv/ro/f; mkdir /srv/ro/d
mount -o remount,ro /srv/ro`)
    const path = '/srv/ro/f'
    const reports = await told({
      file: () => node.perform(file, { path, content: 'new\n' }),
      'a large file': () => node.perform(file, { path, content: LONG.repeat(50) }),
      mode: () => node.perform(file, { path, mode: '0600' }),
      removal: () => node.perform(file, { path, state: 'absent' }),
      line: () => node.perform(line, { path, line: 'new' }),
      block: () => node.perform(block, { path, name: 'b', content: 'new' }),
    })
    const directories = await told({
      directory: () => node.perform(directory, { path: '/srv/ro/new' }),
      symlink: () => node.perform(symlink, { path: '/srv/ro/new', target: '/etc' }),
    })
    const removals = await told({
      'a directory': () => node.perform(directory, { path: '/srv/ro/d', state: 'absent', recursive: true }),
    })
    const readOnly = (at: string): RegExp =>
      new RegExp(`^${at} is on a read-only filesystem \\[WRITE_FAILED\\]$`, 'm')
    for (const report of Object.values(reports)) expect(report).toMatch(readOnly(path))
    for (const report of Object.values(directories)) expect(report).toMatch(readOnly('/srv/ro/new'))
    for (const report of Object.values(removals)) expect(report).toMatch(readOnly('/srv/ro/d'))
    await node.sh('umount /srv/ro')
  })

  test('keeps a service from being enabled, and a package from being installed', async () => {
    await node.perform(packageOperation, { names: 'tree', state: 'absent' })
    const unit = '[Service]\nExecStart=sleep 1000\n[Install]\nWantedBy=multi-user.target\n'
    await node.perform(file, { path: '/etc/systemd/system/idle.service', content: unit })
    await node.sh('systemctl daemon-reload; mount --bind /etc /etc; mount -o remount,ro,bind /etc')
    await node.sh('mount --bind /usr /usr; mount -o remount,ro,bind /usr')
    const reports = await told({
      service: () => node.perform(service, { name: 'idle', enabled: true, state: 'started' }),
      package: () => node.perform(packageOperation, { names: 'tree' }),
    })
    await node.sh('umount -l /usr; umount -l /etc')
    await node.sh('dpkg --audit')
    expect(reports).toMatchInlineSnapshot(`
      {
        "package": "packages cannot be changed on a read-only filesystem [WRITE_FAILED]
        seen      dpkg: error processing archive /var/cache/apt/archives/tree_2.1.0-1_amd64.deb (--unpack):
                   unable to clean up mess surrounding './usr/bin/tree' before installing another version: Read-only file system
                  E: Sub-process /usr/bin/dpkg returned an error code (1)
        next      Find out why (a mount option, or errors in dmesg), and remount it writable.",
        "service": "the setting of idle.service is on a read-only filesystem [WRITE_FAILED]
        seen      Failed to enable unit: File /etc/systemd/system/multi-user.target.wants/idle.service: Read-only file system
        next      Find out why (a mount option, or errors in dmesg), and remount it writable.",
      }
    `)
    await node.perform(packageOperation, { names: 'tree' })
  })
})
