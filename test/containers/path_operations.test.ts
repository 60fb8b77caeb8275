import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { archive } from '../../src/operations/archive.ts'
import { block } from '../../src/operations/block.ts'
import { directory } from '../../src/operations/directory.ts'
import { download } from '../../src/operations/download.ts'
import { fstab } from '../../src/operations/fstab.ts'
import { hosts_entries } from '../../src/operations/hosts_entries.ts'
import { ini } from '../../src/operations/ini.ts'
import { line } from '../../src/operations/line.ts'
import { symlink } from '../../src/operations/symlink.ts'
import { quote } from '../../src/shell/quote.ts'
import { converges, failure } from '../support/converge.ts'
import { labNode } from '../support/lab_node.ts'
import type { LabNode } from '../support/lab_node.ts'

let lab: Lab
let node: LabNode
/** Fixtures on the controller. */
let fixtures: string

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1 })
  node = await labNode(lab, 'server1')
  fixtures = mkdtempSync(join(tmpdir(), 'bringup-test-'))
  await node.sh('mkdir /srv/t')
})

afterAll(async () => {
  await node?.close()
  await lab?.down()
  if (fixtures !== undefined) rmSync(fixtures, { recursive: true })
})

const statOf = (path: string): Promise<string> => node.sh(`stat -c '%A %U:%G %s' ${quote(path)}`)

describe('edits of files that a host has', () => {
  test('hosts entries, taken from where Debian puts them', async () => {
    await node.sh(
      'cp /etc/hosts /root/hosts; printf "127.0.0.1\\tlocalhost\\n127.0.1.1\\tserver1.example server1\\n" >/etc/hosts',
    )
    const entries = [
      { address: '192.168.111.101', names: ['server1'] },
      { address: '192.168.111.102', names: ['server2', 'two'] },
    ]
    expect(await converges(node, hosts_entries, { entries })).toEqual(['+3 −1 lines'])
    expect(await node.sh('getent ahostsv4 server1 | head -n 1')).toMatch(/^192\.168\.111\.101 /)
    expect(await node.sh('cat /etc/hosts')).toBe(
      '127.0.0.1\tlocalhost\n127.0.1.1\tserver1.example\n192.168.111.101\tserver1\n192.168.111.102\tserver2 two',
    )
    await converges(node, hosts_entries, { entries, state: 'absent' })
    await node.sh('cp /root/hosts /etc/hosts')
  })

  test('fstab, in a form that findmnt takes', async () => {
    await node.sh('cp /etc/fstab /root/fstab 2>/dev/null || touch /root/fstab; touch /etc/fstab')
    const entry = { spec: '/dev/drbd0', mountpoint: '/srv/a b', type: 'ext4', options: ['noauto', 'noatime'] }
    expect(await converges(node, fstab, entry)).toEqual(['+1 line'])
    expect(await node.sh('findmnt --fstab -n -o SOURCE,FSTYPE,OPTIONS "/srv/a b"')).toMatch(
      /^\/dev\/drbd0\s+ext4\s+noauto,noatime$/,
    )
    expect(await converges(node, fstab, { ...entry, options: ['noauto'] })).toEqual(['+1 −1 lines'])
    expect(await converges(node, fstab, { mountpoint: '/srv/a b', state: 'commented' })).toEqual([
      '+1 −1 lines',
    ])
    expect(await node.sh('findmnt --fstab "/srv/a b" || echo none')).toBe('none')
    await node.sh('cp /root/fstab /etc/fstab')
  })

  test('a key of sshd, of systemd, and a block', async () => {
    await node.sh(
      'cp /etc/ssh/sshd_config /srv/t/sshd_config; cp /etc/systemd/journald.conf /srv/t/journald.conf',
    )
    const path = '/srv/t/sshd_config'
    await converges(node, line, {
      path,
      line: 'MaxSessions 20',
      match: '^#?MaxSessions ',
      validate: (f) => ['/usr/sbin/sshd', '-t', '-f', f],
    })
    expect(await node.sh(`/usr/sbin/sshd -T -f ${path} | grep maxsessions`)).toBe('maxsessions 20')
    await converges(node, ini, {
      path: '/srv/t/journald.conf',
      section: 'Journal',
      values: { Storage: 'persistent', SystemMaxUse: '200M' },
    })
    expect(await node.sh("grep -n -B1 '^[A-Z]' /srv/t/journald.conf | sed 's/^[0-9]*[-:]//'")).toContain(
      '#Storage=auto\nStorage=persistent',
    )
    await converges(node, block, {
      path,
      name: 'peers',
      content: 'Match User drbd\n  AllowTcpForwarding no\n',
      insertBefore: '^Subsystem',
    })
    await converges(node, block, { path, name: 'peers', state: 'absent' })
  })
})

describe('directories and symlinks', () => {
  test('are made, changed and removed', async () => {
    await converges(node, directory, {
      path: '/srv/t/d/e',
      parents: true,
      mode: '2770',
      owner: 'root',
      group: 'adm',
    })
    expect(await statOf('/srv/t/d/e')).toMatch(/^drwxrws--- root:adm /)
    await converges(node, symlink, { path: '/srv/t/current', target: 'd/e' })
    await converges(node, symlink, { path: '/srv/t/current', target: 'd' })
    expect(await node.sh('readlink /srv/t/current; ls -A /srv/t/d/e')).toBe('d')
    await converges(node, symlink, { path: '/srv/t/current', state: 'absent' })
    await converges(node, directory, { path: '/srv/t/d', state: 'absent', recursive: true })
  })
})

describe('archives and downloads', () => {
  test('an archive is unpacked once, and replaced with leave', async () => {
    const pack = (name: string, text: string) => {
      const tree = join(fixtures, 'drbd-9.2')
      mkdirSync(join(tree, 'src dir'), { recursive: true })
      writeFileSync(join(tree, 'Makefile'), text)
      writeFileSync(join(tree, 'src dir', "it's"), 'x')
      symlinkSync('Makefile', join(tree, 'link'))
      const source = join(fixtures, name)
      execFileSync('tar', ['-caf', source, '-C', fixtures, 'drbd-9.2'])
      rmSync(tree, { recursive: true })
      return { source, sha256: createHash('sha256').update(readFileSync(source)).digest('hex') }
    }
    const path = '/srv/t/drbd'
    expect(
      await converges(node, archive, { ...pack('a.tar.gz', 'a'), path, strip: 1, owner: 'daemon' }),
    ).toEqual(['unpack a.tar.gz'])
    expect(await statOf(`${path}/src dir/it's`)).toBe('-rw-r--r-- daemon:root 1')
    expect(
      await converges(node, archive, { ...pack('b.tar.xz', 'b'), path, strip: 1, replace: true }),
    ).toEqual(['replace by b.tar.xz (of another archive)'])
    expect(await node.sh(`cat ${path}/link`)).toBe('b')
    await node.sh(`mkdir /srv/t/mounted; mount -t tmpfs tmpfs /srv/t/mounted`)
    await converges(node, archive, { ...pack('c.tar.bz2', 'c'), path: '/srv/t/mounted', strip: 1 })
    await node.sh(`rm /srv/t/mounted/link`)
    const again = node.perform(archive, {
      ...pack('c.tar.bz2', 'c'),
      path: '/srv/t/mounted',
      strip: 1,
      replace: true,
    })
    expect(await failure(again)).toMatchObject({ code: 'REFUSED' })
    await node.sh('umount /srv/t/mounted')
  })

  test('a download is checked by its digest', async () => {
    const source = join(fixtures, 'drbd.bin')
    writeFileSync(source, Buffer.alloc(300_000, 'x'))
    const sha256 = createHash('sha256').update(readFileSync(source)).digest('hex')
    const want = { path: '/srv/t/drbd.bin', urls: [`file://${source}`], sha256, mode: '0640' }
    expect(await converges(node, download, want)).toEqual(['download drbd.bin (0640)'])
    expect(await node.sh('sha256sum </srv/t/drbd.bin')).toBe(`${sha256}  -`)
    expect(
      await failure(node.perform(download, { ...want, path: '/srv/t/other', sha256: 'ab'.repeat(32) })),
    ).toMatchObject({ code: 'FETCH_FAILED' })
  })
})
