import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { COPY_SCRIPT, PINNED } from '../../src/evacuation/copy_text.ts'
import { MANIFEST_TEXT } from '../../src/evacuation/manifest_text.ts'
import { quote } from '../../src/shell/quote.ts'
import { labDisk } from '../support/lab_disks.ts'
import type { LabDisk } from '../support/lab_disks.ts'
import { EVERYTHING } from '../support/vz_node.ts'

let lab: Lab
let disk: LabDisk
beforeAll(async () => {
  lab = await raiseLab({ nodes: 1, warm: ['rsync', 'attr', 'acl'] })
  await sh('DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends rsync attr acl')
  disk = await labDisk(lab, 'server1', '/dev/vdb', 64 * 1024 * 1024)
  await sh(`mkfs.ext4 -q -F /dev/vdb; mount /dev/vdb /mnt; mkdir /mnt/a /mnt/b; cd /mnt/a; ${EVERYTHING}`)
})
afterAll(async () => {
  await disk?.close()
  await lab?.down()
})

async function sh(script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.exec('server1', script)
  if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${stderr}`)
  return stdout.trim()
}

const manifest = async (folder: string): Promise<string[]> =>
  (
    await sh(
      `${MANIFEST_TEXT}\nmanifest ${folder} /mnt/manifest ''; code=$?; [ $code = 0 ] || exit $code; cat /mnt/manifest`,
    )
  ).split('\n')

/** Makes b what a is, whatever it was. */
const copy = (): Promise<string> => {
  const args = ['/mnt/a', '', '', '', '/mnt', PINNED, '/mnt/b', '', 'again']
  return sh(`set -- ${args.map(quote).join(' ')}\n${COPY_SCRIPT}`)
}

test('a copy has the manifest of what was copied, with every kind of path in it', async () => {
  await copy()
  const lines = await manifest('/mnt/a')
  expect(await manifest('/mnt/b')).toEqual(lines)
  for (const kind of [
    'path f',
    'path d',
    'path l',
    'path p',
    'path s',
    'path c',
    'device 1:3',
    'sha256',
    'same',
    'attribute',
  ])
    expect(
      lines.some((line) => line.startsWith(`${kind} `)),
      kind,
    ).toBe(true)
})

test.each([
  [
    'a byte',
    'printf X | dd of=private/1/root.hdd conv=notrunc bs=1 seek=5 2>/dev/null; touch -r ../a/private/1/root.hdd private/1/root.hdd',
  ],
  ['a size', 'truncate -s +1 no-bytes; touch -r ../a/no-bytes no-bytes'],
  ['a nanosecond', "touch -d '1999-12-31 23:59:59.987654322 UTC' no-bytes"],
  ['the time of a symlink', 'touch -h -d 2001-01-02 dangling'],
  ['the time of a folder', 'touch readonly'],
  ['a mode', 'chmod 0751 empty'],
  ['a setuid bit', 'chmod u-s setuid'],
  ['an owner', 'chown 12346 private/1'],
  ['a group', 'chgrp 54322 private/1'],
  ['the owner of a symlink', 'chown -h 778 dangling'],
  ['a target', 'ln -sfn elsewhere absolute; touch -h -r ../a/absolute absolute'],
  ['an attribute', 'setfattr -n user.words -v other private/1/root.hdd'],
  ['an attribute less', 'setfattr -x trusted.secret empty'],
  ['an attribute of a symlink', 'setfattr -h -n trusted.onlink -v y dangling'],
  ['an ACL', 'setfacl -m u:4242:r-- private'],
  ['a default ACL', 'setfacl -k private'],
  [
    'a capability',
    'setfattr -x security.capability capable 2>/dev/null || setfattr -x security.bringup capable',
  ],
  [
    'a link that is a file of its own',
    'cp -a private/1/second-name x; mv x private/1/second-name; touch -r ../a/private/1 private/1; touch -r ../a .',
  ],
  ['a link to another file', 'ln -f ./-n no-bytes'],
  ['a path more', ': >more'],
  ['a path less', 'rm ./-n'],
  ['another device', 'rm char; mknod char c 1 5; touch -r ../a/char char'],
  ['another kind', 'rm fifo; : >fifo; touch -r ../a/fifo fifo'],
  ['a file in lost+found', "rm 'lost+found/#42'"],
  ['a name', "mv quote* 'quote'"],
])('%s that differs is seen', async (_, change) => {
  await copy()
  const before = await manifest('/mnt/a')
  expect(await manifest('/mnt/b')).toEqual(before)
  await sh(`cd /mnt/b; ${change}`)
  expect(await manifest('/mnt/b')).not.toEqual(before)
})

test('what cannot be read is no manifest', async () => {
  await sh('mv /usr/bin/getfattr /usr/bin/getfattr.away')
  await expect(manifest('/mnt/a')).rejects.toThrow('getfattr')
  await sh('mv /usr/bin/getfattr.away /usr/bin/getfattr')
})
