import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { block } from '../../src/operations/block.ts'
import { directory } from '../../src/operations/directory.ts'
import { file } from '../../src/operations/file.ts'
import { ini } from '../../src/operations/ini.ts'
import { line } from '../../src/operations/line.ts'
import { template } from '../../src/operations/template.ts'
import { Secret } from '../../src/secret.ts'
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

describe('file', () => {
  test('is made with its owner and mode, edited, closed and removed', async () => {
    const path = '/srv/t/motd'
    expect(
      await converges(node, file, { path, content: 'hello\n', owner: 'daemon', group: 'adm', mode: '0640' }),
    ).toEqual(['create (6 B, 0640 daemon:adm)'])
    expect(await statOf(path)).toBe('-rw-r----- daemon:adm 6')
    expect(await converges(node, file, { path, content: 'hello\nworld\n' })).toEqual(['+1 line'])
    expect(await statOf(path)).toBe('-rw-r----- daemon:adm 12')
    expect(await converges(node, file, { path, mode: '4755', owner: 'root', group: '0' })).toEqual([
      'mode 0640 → 4755',
      'owner daemon → root',
      'group adm → 0',
    ])
    expect(await statOf(path)).toBe('-rwsr-xr-x root:root 12')
    expect(await converges(node, file, { path, state: 'absent' })).toEqual(['remove (12 B)'])
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
    expect(await converges(node, file, { path: '/srv/t/large', source })).toEqual(['create (20.0 MiB)'])
    expect(await node.sh('sha256sum </srv/t/large')).toBe(
      `${createHash('sha256').update(readFileSync(source)).digest('hex')}  -`,
    )
    await converges(node, file, { path: '/srv/t/large', state: 'absent' })
  })

  test('an ACL, and what a symlink leads to, outlive an edit', async () => {
    await node.sh('echo old >/srv/t/real; ln -s real /srv/t/link; chmod 0640 /srv/t/real')
    const acl = await node.sh(
      'command -v setfacl >/dev/null && setfacl -m u:daemon:r /srv/t/real && echo yes || echo no',
    )
    await converges(node, file, { path: '/srv/t/link', content: 'new\n', follow: true })
    expect(await node.sh('cat /srv/t/real; readlink /srv/t/link')).toBe('new\nreal')
    if (acl === 'yes') expect(await node.sh('getfacl -p /srv/t/real')).toContain('user:daemon:r--')
    expect(await failure(node.perform(file, { path: '/srv/t/link', content: 'x' }))).toMatchObject({
      code: 'REFUSED',
    })
  })

  test('the old one stays where the new one is refused, and is kept where that is asked for', async () => {
    const path = '/srv/t/sudoers'
    await converges(node, file, { path, content: 'root ALL=(ALL) ALL\n', mode: '0440' })
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
  echo $rounds >/run/rounds.new
  mv /run/rounds.new /run/rounds
done
END
rm -f /run/stop /run/rounds /run/hits; touch /run/hits
setsid sh /run/watch.sh >/dev/null 2>&1 </dev/null &
until [ -e /run/rounds ]; do sleep 0.05; done`)
    const rounds = await node.sh('cat /run/rounds')
    const outcomes = [
      await node.perform(file, { path: '/srv/t/key', content: new Secret(value), mode: '0400' }),
      await node.perform(file, { path: '/srv/t/large-key', content: large }),
      await node.perform(line, { path: '/srv/t/conf', line: new Secret(`password ${value}`), create: true }),
      await node.perform(block, { path: '/srv/t/conf', name: 'b', content: new Secret(value) }),
      await node.perform(ini, { path: '/srv/t/conf', section: 's', values: { key: new Secret(value) } }),
      await node.perform(template, { path: '/srv/t/tpl', template: () => new Secret(value), data: null }),
    ]
    // A round that began before the writing has ended.
    await node.sh(`until [ "$(cat /run/rounds)" -gt ${rounds} ]; do sleep 0.05; done`)
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
