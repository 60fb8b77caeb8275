import { BringupError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'

/** What keeps a package manager from its work though it has nothing to do with packages; the first that matches. */
const troubles: readonly (readonly [said: RegExp, code: ErrorCode, message: string, remedy: string])[] = [
  [
    /No space left on device|enough free space/,
    'WRITE_FAILED',
    'no space left on the host for packages',
    'Make room (df -h, df -i; `apt-get clean` empties the cache of packages), then run again.',
  ],
  [
    /Read-only file system/,
    'WRITE_FAILED',
    'packages cannot be changed on a read-only filesystem',
    'Find out why (a mount option, or errors in dmesg), and remount it writable.',
  ],
  [
    /Release file .* is not valid yet|not yet (valid|activated)|not activated yet/i,
    'PACKAGE_UNAVAILABLE',
    "by the host's clock, its package sources come from the future",
    "Set the host's clock (see `date`, `timedatectl`), which seems to be behind; then run again.",
  ],
  [
    /Release file .* is expired|expired certificate|certificate has expired|EXPKEYSIG/i,
    'PACKAGE_UNAVAILABLE',
    "by the host's clock, its package sources are out of date",
    "Set the host's clock where it is ahead (see `date`, `timedatectl`); else the mirror is no longer renewed, or the host has an old keyring of its distribution.",
  ],
  [
    /404 +Not Found|Hash Sum mismatch|unexpected size|File not found|Empty files can't be valid|wasn't readable/,
    'PACKAGE_UNAVAILABLE',
    'a package source does not give what its own lists say',
    'Try again when the mirror is whole, or set another one; a caching proxy on the way may hold old files.',
  ],
]

/** @param seen what the package manager complained of */
export function troubleOf(seen: string): BringupError | null {
  const [, code, message, remedy] = troubles.find(([said]) => said.test(seen)) ?? []
  if (code === undefined || message === undefined) return null
  return new BringupError(code, message, { seen, remedy: remedy ?? '' })
}
