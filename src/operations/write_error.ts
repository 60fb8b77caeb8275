import { posix } from 'node:path'
import type { ErrorCode } from '../errors.ts'
import { BringupError } from '../errors.ts'

interface Explanation {
  readonly code: ErrorCode
  readonly message: (path: string) => string
  readonly remedy: string
}

/** By exit status of the scripts that change paths. */
const byStatus: Readonly<Record<number, Explanation>> = {
  81: {
    code: 'CHANGED_MEANWHILE',
    message: (path) => `${path} is no longer a plain file`,
    remedy: 'Something else works on this path; look at it and run again.',
  },
  82: {
    code: 'CHANGED_MEANWHILE',
    message: (path) => `${path} was changed between reading and writing it`,
    remedy: 'Something else writes this file; run again when it is done.',
  },
  83: {
    code: 'WRITE_FAILED',
    message: (path) => `the directory ${posix.dirname(path)} does not exist`,
    remedy: 'Make it with the directory operation first, or install the package that brings it.',
  },
  84: {
    code: 'WRITE_FAILED',
    message: (path) => `what arrived for ${path} is not what was sent`,
    remedy: 'Run again; if it repeats, look at the disk and the memory of the host.',
  },
  85: {
    code: 'VALIDATION_FAILED',
    message: (path) =>
      `the new content of ${path} was refused by its validate command; the old file is as it was`,
    remedy: 'Correct the content.',
  },
  86: {
    code: 'WRITE_FAILED',
    message: (path) => `cannot keep a copy of ${path} under /var/backups/bringup`,
    remedy: 'Make room or access there, or leave out backup.',
  },
  87: {
    code: 'REFUSED',
    message: (path) => `a filesystem is mounted at or below ${path}`,
    remedy: 'Unmount it first; a mounted filesystem is never emptied.',
  },
}

/** By what coreutils and busybox say, in English; the first that matches. */
const bySaid: readonly (Explanation & { said: RegExp })[] = [
  {
    said: /No space left on device|[Qq]uota exceeded/,
    code: 'WRITE_FAILED',
    message: (path) => `no space left for ${path}`,
    remedy: 'Make room on that filesystem (df -h, df -i).',
  },
  {
    said: /Read-only file system/,
    code: 'WRITE_FAILED',
    message: (path) => `${path} is on a read-only filesystem`,
    remedy: 'Find out why (a mount option, or errors in dmesg), and remount it writable.',
  },
  {
    said: /^lsattr: \S*[ia]\S* /m,
    code: 'WRITE_FAILED',
    message: (path) => `${path} or its directory is immutable`,
    remedy: 'See lsattr -d, and whether that is meant; chattr -i -a takes it away.',
  },
  {
    said: /Device or resource busy/,
    code: 'WRITE_FAILED',
    message: (path) => `${path} is in use as a mount point and cannot be replaced`,
    remedy: 'Unmount it, or change what is mounted there at its source.',
  },
  {
    said: /invalid (user|group|spec)|unknown (user|group)/,
    code: 'WRITE_FAILED',
    message: (path) => `the owner or group wanted for ${path} does not exist`,
    remedy: 'Make the user and group first, or install the package that brings them.',
  },
  {
    said: /Permission denied|Operation not permitted/,
    code: 'WRITE_FAILED',
    message: (path) => `no permission to change ${path}`,
    remedy:
      'Set become: true in the inventory, or look for an access rule (SELinux, an immutable flag) on the host.',
  },
]

const otherwise: Explanation = {
  code: 'WRITE_FAILED',
  message: (path) => `cannot change ${path}`,
  remedy: 'See what the host said.',
}

/** A script that was to change `path` ended with `status`, not 0, and said `stderr`. */
export function writeError(path: string, status: number, stderr: string): BringupError {
  const said = stderr
    .split('\n')
    .filter((line) => line !== '' && !/^\d+\+\d+ records (in|out)$|^\d+ bytes .* copied/.test(line))
    .join('\n')
  const why = byStatus[status] ?? bySaid.find((one) => one.said.test(stderr)) ?? otherwise
  return new BringupError(why.code, why.message(path), {
    seen: said === '' ? `exit status ${status}` : said,
    remedy: why.remedy,
  })
}
