import { spawn } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { local } from '../../scripts/lab/local.ts'
import { mountDisk, PARTITION, unmountDisk } from '../../scripts/lab/vm/mounted_disk.ts'

let dir: string
let disk: string
let point: string
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mounted-disk-'))
  disk = join(dir, 'disk')
  point = join(dir, 'point')
  mkdirSync(point)
  await local()`truncate -s 16M ${disk}`
  await local()`mke2fs -q -F -t ext4 -E offset=${PARTITION} ${disk} 8m`
})
afterEach(() => rmSync(dir, { recursive: true }))

// As systemd-nspawn does: its copies of the machine's mounts stay for as long as its container runs.
test('a disk can be unmounted although a process took a copy of all mounts meanwhile', async () => {
  await mountDisk(disk, point, { local })
  const holder = spawn('unshare', ['--mount', '--propagation=slave', 'sh', '-c', 'echo ready; read _'])
  try {
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    await local()`sh -c ${'echo written >"$0/file"'} ${point}`
    await unmountDisk(disk, point, { local })
    expect((await local()`debugfs -R ${'cat /file'} ${`${disk}?offset=${PARTITION}`}`).stdout).toBe(
      'written\n',
    )
  } finally {
    holder.stdin.end('\n')
    await new Promise((resolve) => holder.once('exit', resolve))
  }
})
