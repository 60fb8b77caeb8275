import type { Play } from './playbook.ts'

/** Splits hosts into those that go through a play together; a share is rounded down, but never to none. */
export function batchesOf<T>(hosts: readonly T[], serial: Play['serial']): T[][] {
  const size =
    serial === null
      ? hosts.length
      : typeof serial === 'number'
        ? serial
        : Math.max(1, Math.floor((hosts.length * Number.parseInt(serial, 10)) / 100))
  const batches: T[][] = []
  for (let start = 0; start < hosts.length; start += size) batches.push(hosts.slice(start, start + size))
  return batches
}
