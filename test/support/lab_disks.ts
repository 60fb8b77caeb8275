import { execFile } from 'node:child_process'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Lab } from '../../scripts/lab/raise.ts'

const run = promisify(execFile)
const sh = async (script: string, ...args: string[]): Promise<string> =>
  (await run('sh', ['-eu', '-c', script, 'sh', ...args])).stdout.trim()

/** A disk of a container node: a file here, seen there as a loop device under a name of its own. */
export interface LabDisk {
  /** As the node sees it. */
  readonly device: string
  /** The kernel's name, which its partitions are called after. */
  readonly kernelName: string
  /** Zeros, then these bytes at their offsets. */
  fill(...pieces: readonly { readonly at: number; readonly bytes: Uint8Array }[]): Promise<void>
  /** The sha256 of all of it. */
  digest(): Promise<string>
  /** Has the kernel look for partitions, and gives the node their devices. */
  partitions(): Promise<string[]>
  close(): Promise<void>
}

/** @param size bytes */
export async function labDisk(lab: Lab, node: string, device: string, size: number): Promise<LabDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'bringup-disk-'))
  const file = join(directory, 'image')
  await writeFile(file, '')
  await truncate(file, size)
  const loop = await sh('losetup --find --show "$1"', file)
  const kernelName = loop.replace('/dev/', '')
  const giveNode = async (name: string, sysfs: string): Promise<void> => {
    const [major = '', minor = ''] = (await sh('cat "$1"', `${sysfs}/dev`)).split(':')
    await lab.exec(node, `rm -f ${name}; mknod ${name} b ${major} ${minor}`)
  }
  await giveNode(device, `/sys/block/${kernelName}`)
  return {
    device,
    kernelName,
    async fill(...pieces) {
      await sh('blkdiscard -f -z "$1" 2>/dev/null || dd if=/dev/zero of="$1" bs=1M 2>/dev/null || true', loop)
      for (const { at, bytes } of pieces) {
        const piece = join(directory, 'piece')
        await writeFile(piece, bytes)
        await sh(
          'dd if="$1" of="$2" bs=64k seek="$3" oflag=seek_bytes conv=notrunc 2>/dev/null',
          piece,
          loop,
          String(at),
        )
      }
      await sh('sync; blockdev --flushbufs "$1"', loop)
    },
    digest: () => sh('sync; blockdev --flushbufs "$1"; sha256sum <"$1" | cut -c 1-64', loop),
    async partitions() {
      await sh(
        'blockdev --rereadpt "$1" 2>/dev/null || losetup --set-capacity "$1"; partx --update "$1" 2>/dev/null || true',
        loop,
      )
      const names = (
        await sh(
          'cd "/sys/block/$1"; for found in */partition; do echo "${found%/partition}"; done',
          kernelName,
        )
      ).split('\n')
      const found = names.filter((name) => name !== '*')
      for (const name of found) await giveNode(`/dev/${name}`, `/sys/block/${kernelName}/${name}`)
      return found.map((name) => `/dev/${name}`)
    },
    async close() {
      await lab.exec(node, `umount ${device} 2>/dev/null; rm -f ${device}`).catch(() => undefined)
      await sh('partx --delete "$1" 2>/dev/null || true; losetup --detach "$1"', loop)
      await rm(directory, { recursive: true })
    },
  }
}
