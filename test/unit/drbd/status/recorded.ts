import { readFileSync } from 'node:fs'
import type { NodeAnswers } from '../../../../src/drbd/status/read_node.ts'
import type { Said } from '../../../../src/drbd/status/generation.ts'

/** What a running node said, by command: recorded on virtual machines with Debian's kernel and drbd-utils 9.22.0. */
export function recorded(driver: string, state: string, node: string): Record<string, Said> {
  const file = new URL(`fixtures/${driver}/${state}.${node}.txt`, import.meta.url)
  const parts = readFileSync(file, 'utf8').split(/^=== (.*)\n/m)
  const said: Record<string, Said> = {}
  for (let at = 1; at < parts.length; at += 2) {
    const [, stdout = '', stderr = '', exit = ''] =
      /^([\s\S]*?)--- stderr\n([\s\S]*?)--- exit (\d+)\n$/.exec(parts[at + 1] ?? '') ?? []
    said[parts[at] ?? ''] = { stdout, stderr, exitCode: Number(exit) }
  }
  return said
}

/** The same as the answers that a report is made from. */
export function recordedAnswers(driver: string, state: string, node: string): NodeAnswers {
  const said = recorded(driver, state, node)
  return {
    procDrbd: said['cat /proc/drbd']?.stdout ?? '',
    status: said['drbdsetup status --json']?.stdout,
    disks: [
      {
        volume: 0,
        gi: said['drbdadm get-gi r0/0'],
        dumpMd: said['drbdadm dump-md r0/0'],
        blkid: undefined,
        wipefs: undefined,
      },
    ],
  }
}
