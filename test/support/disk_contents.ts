import { crc32 } from 'node:zlib'

// What other tools leave on a disk, byte by byte: the tools themselves want kernels and devices that a container lacks.

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1')

/** A LUKS1 header, as cryptsetup's docs/on-disk-format.pdf has it. */
export function luks(): Buffer {
  const header = Buffer.alloc(592)
  ascii('LUKS\xba\xbe').copy(header)
  header.writeUInt16BE(1, 6)
  ascii('aes').copy(header, 8)
  ascii('9c6b8b1e-0000-4000-8000-000000000001').copy(header, 168)
  return header
}

/** An LVM2 physical volume's label in sector 1 (lib/label/label.h). */
export function lvmLabel(): Buffer {
  const sectors = Buffer.alloc(1024)
  const label = sectors.subarray(512)
  ascii('LABELONE').copy(label)
  label.writeBigUInt64LE(1n, 8)
  label.writeUInt32LE(32, 20)
  ascii('LVM2 001').copy(label, 24)
  ascii('abcdefghijklmnopqrstuvwxyz012345').copy(label, 32)
  // LVM's CRC has a start of its own and is not inverted at the end; zlib's inverts both.
  const crc = ~crc32(label.subarray(20), ~0xf597a6cf >>> 0) >>> 0
  label.writeUInt32LE(crc, 16)
  return sectors
}

/** A version 1.2 superblock of Linux RAID, for 4096 bytes from the start (drivers/md/md_p.h). */
export function raidSuperblock(): Buffer {
  const devices = 2
  const block = Buffer.alloc(256 + devices * 2)
  block.writeUInt32LE(0xa92b4efc, 0)
  block.writeUInt32LE(1, 4)
  Buffer.from('0123456789abcdef0123456789abcdef', 'hex').copy(block, 16)
  ascii('lab:0').copy(block, 32)
  block.writeUInt32LE(1, 72)
  block.writeBigUInt64LE(8n, 144)
  block.writeUInt32LE(devices, 220)
  let sum = 0n
  for (let at = 0; at < block.length; at += 4) sum += BigInt(block.readUInt32LE(at))
  block.writeUInt32LE(Number(((sum & 0xffffffffn) + (sum >> 32n)) & 0xffffffffn), 216)
  return block
}

/** A GPT with one partition of 8 MiB, 1 MiB from the start; for a disk of so many bytes. */
export function gpt(size: number): Buffer {
  const sectors = size / 512
  const entries = Buffer.alloc(128 * 128)
  Buffer.from('af3dc60f838472478e793d69d8477de4', 'hex').copy(entries)
  Buffer.from('11111111111111111111111111111111', 'hex').copy(entries, 16)
  entries.writeBigUInt64LE(2048n, 32)
  entries.writeBigUInt64LE(2048n + 16383n, 40)
  const table = Buffer.alloc(512 * 34)
  // The protective MBR.
  table.writeUInt8(0xee, 446 + 4)
  table.writeUInt32LE(1, 446 + 8)
  table.writeUInt32LE(sectors - 1, 446 + 12)
  table.writeUInt16LE(0xaa55, 510)
  const header = table.subarray(512, 512 + 92)
  ascii('EFI PART').copy(header)
  header.writeUInt32LE(0x00010000, 8)
  header.writeUInt32LE(92, 12)
  header.writeBigUInt64LE(1n, 24)
  header.writeBigUInt64LE(BigInt(sectors - 1), 32)
  header.writeBigUInt64LE(34n, 40)
  header.writeBigUInt64LE(BigInt(sectors - 34), 48)
  Buffer.from('22222222222222222222222222222222', 'hex').copy(header, 56)
  header.writeBigUInt64LE(2n, 72)
  header.writeUInt32LE(128, 80)
  header.writeUInt32LE(128, 84)
  header.writeUInt32LE(crc32(entries), 88)
  header.writeUInt32LE(crc32(header), 16)
  entries.copy(table, 1024)
  return table
}

/** Bytes as a file system's data are: not zeros, and no signature. */
export const someData = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => ((index * 2654435761) >>> 13) & 0xff))
