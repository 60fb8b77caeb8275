import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { archive } from '../../src/operations/archive.ts'
import { block } from '../../src/operations/block.ts'
import { directory } from '../../src/operations/directory.ts'
import { download } from '../../src/operations/download.ts'
import { file } from '../../src/operations/file.ts'
import { fstab } from '../../src/operations/fstab.ts'
import { hosts_entries } from '../../src/operations/hosts_entries.ts'
import { ini } from '../../src/operations/ini.ts'
import { line } from '../../src/operations/line.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { symlink } from '../../src/operations/symlink.ts'
import { template } from '../../src/operations/template.ts'
import { Secret } from '../../src/secret.ts'
import { quote } from '../../src/shell/quote.ts'
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

/** Everything that these operations may touch, with content, mode, owner, and times of change. */
const fingerprint = (): Promise<string> =>
  node.sh(`{
    find /etc /srv /var/backups -xdev -exec stat -c '%n %f %u %g %s %Y %i' {} +
    find /etc /srv /var/backups -xdev -type f -exec sha256sum {} +
  } | sort | sha256sum`)

/** What every operation promises: a check changes nothing, a run does what the check said, a second one nothing. */
async function converges<Schema extends z.ZodType, S>(
  operation: Operation<Schema, S>,
  want: z.input<Schema>,
): Promise<string[]> {
  const before = await fingerprint()
  const planned = await node.check(operation, want)
  expect(await fingerprint()).toBe(before)
  const made = await node.perform(operation, want)
  expect(made.changes).toEqual(planned.changes)
  const after = await fingerprint()
  expect((await node.perform(operation, want)).changes).toEqual([])
  expect(await fingerprint()).toBe(after)
  expect(await node.sh("find / -xdev -name '.bringup-*-*'")).toBe('')
  return made.changes.map((change) => change.summary)
}

const statOf = (path: string): Promise<string> => node.sh(`stat -c '%A %U:%G %s' ${quote(path)}`)

const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('file', () => {
  test('is made with its owner and mode, edited, closed and removed', async () => {
    const path = '/srv/t/motd'
    expect(
      await converges(file, { path, content: 'hello\n', owner: 'daemon', group: 'adm', mode: '0640' }),
    ).toEqual(['create (6 B, 0640 daemon:adm)'])
    expect(await statOf(path)).toBe('-rw-r----- daemon:adm 6')
    expect(await converges(file, { path, content: 'hello\nworld\n' })).toEqual(['+1 line'])
    expect(await statOf(path)).toBe('-rw-r----- daemon:adm 12')
    expect(await converges(file, { path, mode: '4755', owner: 'root', group: '0' })).toEqual([
      'mode 0640 → 4755',
      'owner daemon → root',
      'group adm → 0',
    ])
    expect(await statOf(path)).toBe('-rwsr-xr-x root:root 12')
    expect(await converges(file, { path, state: 'absent' })).toEqual(['remove (12 B)'])
  })

  test.each([
    ["it's"],
    [' "a"  b '],
    ['\na\n\nb\n'],
    ['$(touch pwned) `touch pwned` ${HOME}'],
    ['*[a-z]?\\n'],
    ['-rf'],
    ['Größe ✓'],
  ])('may have any name: %j', async (name) => {
    const path = `/srv/t/${name}`
    const content = Buffer.from([0, 1, 255, 10, 13])
    for (const changed of [true, false])
      expect(await node.perform(file, { path, content })).toMatchObject({ changed })
    expect(await node.sh(`sha256sum <${quote(path)}`)).toBe(
      `${createHash('sha256').update(content).digest('hex')}  -`,
    )
    for (const changed of [true, false])
      expect(await node.perform(line, { path: `${path}.txt`, line: 'a', create: true })).toMatchObject({
        changed,
      })
    for (const gone of [path, `${path}.txt`]) await node.perform(file, { path: gone, state: 'absent' })
    expect(await node.sh("find /srv/t -name '*\n*' -o -name '.bringup*'")).toBe('')
    expect(await node.sh('find / -xdev -name pwned')).toBe('')
  })

  test('large content is streamed, and compared by digest', async () => {
    const source = join(fixtures, 'large')
    writeFileSync(source, Buffer.alloc(20 * 1024 * 1024, 'bringup '))
    expect(await converges(file, { path: '/srv/t/large', source })).toEqual(['create (20.0 MiB)'])
    expect(await node.sh('sha256sum </srv/t/large')).toBe(
      `${createHash('sha256').update(readFileSync(source)).digest('hex')}  -`,
    )
    await converges(file, { path: '/srv/t/large', state: 'absent' })
  })

  test('an ACL, and what a symlink leads to, outlive an edit', async () => {
    await node.sh('echo old >/srv/t/real; ln -s real /srv/t/link; chmod 0640 /srv/t/real')
    const acl = await node.sh(
      'command -v setfacl >/dev/null && setfacl -m u:daemon:r /srv/t/real && echo yes || echo no',
    )
    await converges(file, { path: '/srv/t/link', content: 'new\n', follow: true })
    expect(await node.sh('cat /srv/t/real; readlink /srv/t/link')).toBe('new\nreal')
    if (acl === 'yes') expect(await node.sh('getfacl -p /srv/t/real')).toContain('user:daemon:r--')
    expect(await failure(node.perform(file, { path: '/srv/t/link', content: 'x' }))).toMatchObject({
      code: 'REFUSED',
    })
  })

  test('the old one stays where the new one is refused, and is kept where that is asked for', async () => {
    const path = '/srv/t/sudoers'
    await converges(file, { path, content: 'root ALL=(ALL) ALL\n', mode: '0440' })
    const validate = (temporary: string): string[] => ['grep', '-q', '^root ', temporary]
    expect(await failure(node.perform(file, { path, content: 'broken\n', validate }))).toMatchObject({
      code: 'VALIDATION_FAILED',
    })
    expect(await node.sh(`cat ${path}`)).toBe('root ALL=(ALL) ALL')
    await node.perform(file, { path, content: 'root ALL=(ALL:ALL) ALL\n', validate, backup: true })
    expect(await node.sh(`cat /var/backups/bringup${path}.*`)).toBe('root ALL=(ALL) ALL')
    expect(await node.sh('stat -c %a /var/backups/bringup')).toBe('700')
  })
})

describe('a full, a read-only, and a busy filesystem', () => {
  test('leave the old file as it was, say what is wrong, and nothing behind', async () => {
    await node.sh('mkdir /srv/small; mount -t tmpfs -o size=1m tmpfs /srv/small; echo old >/srv/small/f')
    const path = '/srv/small/f'
    const large = Buffer.alloc(2 * 1024 * 1024, 1)
    expect(await failure(node.perform(file, { path, content: large }))).toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining('no space left') as unknown,
    })
    await node.sh('head -c 1040000 /dev/zero >/srv/small/fill')
    expect(await failure(node.perform(file, { path, content: Buffer.alloc(60_000, 1) }))).toMatchObject({
      code: 'WRITE_FAILED',
      message: `no space left for ${path}`,
    })
    expect(await node.sh('ls -A /srv/small; cat /srv/small/f')).toBe('f\nfill\nold')

    expect(
      await failure(node.perform(directory, { path: '/srv/small', state: 'absent', recursive: true })),
    ).toMatchObject({
      code: 'REFUSED',
      details: { seen: '/srv/small' },
    })
    await node.sh('mkdir /srv/up; mkdir /srv/up/mnt; mount --bind /srv/small /srv/up/mnt')
    expect(
      await failure(node.perform(directory, { path: '/srv/up', state: 'absent', recursive: true })),
    ).toMatchObject({
      code: 'REFUSED',
      details: { seen: '/srv/up/mnt' },
    })
    await node.sh('umount /srv/up/mnt; rm -r /srv/up')

    await node.sh('mount -o remount,ro /srv/small')
    expect(await failure(node.perform(file, { path, content: 'new\n' }))).toMatchObject({
      code: 'WRITE_FAILED',
      message: `${path} is on a read-only filesystem`,
    })
    expect(await failure(node.perform(file, { path, mode: '0600' }))).toMatchObject({
      message: `${path} is on a read-only filesystem`,
    })
    await node.sh('umount /srv/small; rmdir /srv/small')

    await node.sh('touch /srv/t/hosts /srv/t/other; mount --bind /srv/t/other /srv/t/hosts')
    expect(await failure(node.perform(file, { path: '/srv/t/hosts', content: 'x\n' }))).toMatchObject({
      message: '/srv/t/hosts is in use as a mount point and cannot be replaced',
    })
    await node.sh('umount /srv/t/hosts; rm /srv/t/hosts /srv/t/other')
  })

  test('an owner who does not exist is named as the reason', async () => {
    expect(
      await failure(node.perform(file, { path: '/srv/t/f', content: '', owner: 'nobody-here' })),
    ).toMatchObject({
      code: 'WRITE_FAILED',
      message: 'the owner or group wanted for /srv/t/f does not exist',
    })
    expect(await node.sh("find /srv/t -name '.bringup-*'")).toBe('')
  })
})

describe('a secret', () => {
  test('is in its file, and in no process list, change or record of commands', async () => {
    const value = `s3cret-${createHash('sha256').update(String(process.pid)).digest('hex')}`
    const large = new Secret(`${value}\n`.repeat(3000))
    // The pattern comes from a file, so that the search does not find itself.
    await node.remote.upload(Buffer.from(value), '/run/pattern')
    await node.sh(`cat >/run/watch.sh <<'END'
rounds=0
while [ ! -e /run/stop ]; do
  grep -aFl -f /run/pattern /proc/[0-9]*/cmdline /proc/[0-9]*/environ >>/run/hits 2>/dev/null
  rounds=$((rounds + 1))
  echo $rounds >/run/rounds
done
END
rm -f /run/stop /run/hits; touch /run/hits
setsid sh /run/watch.sh >/dev/null 2>&1 </dev/null &`)
    const outcomes = [
      await node.perform(file, { path: '/srv/t/key', content: new Secret(value), mode: '0400' }),
      await node.perform(file, { path: '/srv/t/large-key', content: large }),
      await node.perform(line, { path: '/srv/t/conf', line: new Secret(`password ${value}`), create: true }),
      await node.perform(block, { path: '/srv/t/conf', name: 'b', content: new Secret(value) }),
      await node.perform(ini, { path: '/srv/t/conf', section: 's', values: { key: new Secret(value) } }),
      await node.perform(template, { path: '/srv/t/tpl', template: () => new Secret(value), data: null }),
    ]
    const rounds = Number(await node.sh('cat /run/rounds'))
    expect(rounds).toBeGreaterThan(0)
    expect(await node.sh('cat /run/hits')).toBe('')
    expect(JSON.stringify(outcomes)).not.toContain(value)
    expect(JSON.stringify(node.commands)).not.toContain(value)
    expect(await statOf('/srv/t/key')).toBe(`-r-------- root:root ${value.length}`)
    expect(await statOf('/srv/t/conf')).toMatch(/^-rw------- /)

    // The watch does see what is in an argument list.
    await node.sh(
      `sh -c 'until grep -q . /run/hits; do sleep 0.05; done' ${value}; touch /run/stop; rm -r /srv/t/*`,
    )
  })
})

describe('edits of files that a host has', () => {
  test('hosts entries, taken from where Debian puts them', async () => {
    await node.sh(
      'cp /etc/hosts /root/hosts; printf "127.0.0.1\\tlocalhost\\n127.0.1.1\\tserver1.example server1\\n" >/etc/hosts',
    )
    const entries = [
      { address: '192.168.111.101', names: ['server1'] },
      { address: '192.168.111.102', names: ['server2', 'two'] },
    ]
    expect(await converges(hosts_entries, { entries })).toEqual(['+3 −1 lines'])
    expect(await node.sh('getent ahostsv4 server1 | head -n 1')).toMatch(/^192\.168\.111\.101 /)
    expect(await node.sh('cat /etc/hosts')).toBe(
      '127.0.0.1\tlocalhost\n127.0.1.1\tserver1.example\n192.168.111.101\tserver1\n192.168.111.102\tserver2 two',
    )
    await converges(hosts_entries, { entries, state: 'absent' })
    await node.sh('cp /root/hosts /etc/hosts')
  })

  test('fstab, in a form that findmnt takes', async () => {
    await node.sh('cp /etc/fstab /root/fstab 2>/dev/null || touch /root/fstab; touch /etc/fstab')
    const entry = { spec: '/dev/drbd0', mountpoint: '/srv/a b', type: 'ext4', options: ['noauto', 'noatime'] }
    expect(await converges(fstab, entry)).toEqual(['+1 line'])
    expect(await node.sh('findmnt --fstab -n -o SOURCE,FSTYPE,OPTIONS "/srv/a b"')).toMatch(
      /^\/dev\/drbd0\s+ext4\s+noauto,noatime$/,
    )
    expect(await converges(fstab, { ...entry, options: ['noauto'] })).toEqual(['+1 −1 lines'])
    expect(await converges(fstab, { mountpoint: '/srv/a b', state: 'commented' })).toEqual(['+1 −1 lines'])
    expect(await node.sh('findmnt --fstab "/srv/a b" || echo none')).toBe('none')
    await node.sh('cp /root/fstab /etc/fstab')
  })

  test('a key of sshd, of systemd, and a block', async () => {
    await node.sh(
      'cp /etc/ssh/sshd_config /srv/t/sshd_config; cp /etc/systemd/journald.conf /srv/t/journald.conf',
    )
    const path = '/srv/t/sshd_config'
    await converges(line, {
      path,
      line: 'MaxSessions 20',
      match: '^#?MaxSessions ',
      validate: (f) => ['/usr/sbin/sshd', '-t', '-f', f],
    })
    expect(await node.sh(`/usr/sbin/sshd -T -f ${path} | grep maxsessions`)).toBe('maxsessions 20')
    await converges(ini, {
      path: '/srv/t/journald.conf',
      section: 'Journal',
      values: { Storage: 'persistent', SystemMaxUse: '200M' },
    })
    expect(await node.sh("grep -n -B1 '^[A-Z]' /srv/t/journald.conf | sed 's/^[0-9]*[-:]//'")).toContain(
      '#Storage=auto\nStorage=persistent',
    )
    await converges(block, {
      path,
      name: 'peers',
      content: 'Match User drbd\n  AllowTcpForwarding no\n',
      insertBefore: '^Subsystem',
    })
    await converges(block, { path, name: 'peers', state: 'absent' })
  })
})

describe('directories and symlinks', () => {
  test('are made, changed and removed', async () => {
    await converges(directory, {
      path: '/srv/t/d/e',
      parents: true,
      mode: '2770',
      owner: 'root',
      group: 'adm',
    })
    expect(await statOf('/srv/t/d/e')).toMatch(/^drwxrws--- root:adm /)
    await converges(symlink, { path: '/srv/t/current', target: 'd/e' })
    await converges(symlink, { path: '/srv/t/current', target: 'd' })
    expect(await node.sh('readlink /srv/t/current; ls -A /srv/t/d/e')).toBe('d')
    await converges(symlink, { path: '/srv/t/current', state: 'absent' })
    await converges(directory, { path: '/srv/t/d', state: 'absent', recursive: true })
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
    expect(await converges(archive, { ...pack('a.tar.gz', 'a'), path, strip: 1, owner: 'daemon' })).toEqual([
      'unpack a.tar.gz',
    ])
    expect(await statOf(`${path}/src dir/it's`)).toBe('-rw-r--r-- daemon:root 1')
    expect(await converges(archive, { ...pack('b.tar.xz', 'b'), path, strip: 1, replace: true })).toEqual([
      'replace by b.tar.xz (of another archive)',
    ])
    expect(await node.sh(`cat ${path}/link`)).toBe('b')
    await node.sh(`mkdir /srv/t/mounted; mount -t tmpfs tmpfs /srv/t/mounted`)
    await converges(archive, { ...pack('c.tar.bz2', 'c'), path: '/srv/t/mounted', strip: 1 })
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
    expect(await converges(download, want)).toEqual(['download drbd.bin (0640)'])
    expect(await node.sh('sha256sum </srv/t/drbd.bin')).toBe(`${sha256}  -`)
    expect(
      await failure(node.perform(download, { ...want, path: '/srv/t/other', sha256: 'ab'.repeat(32) })),
    ).toMatchObject({ code: 'FETCH_FAILED' })
  })
})
