import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/**
 * What hosts of EL 7 (OpenVZ 7) do not have: systemd 219, util-linux 2.23, coreutils 8.22, bash 4.2, tar 1.26, curl 7.29,
 * iproute 4.11, findutils 4.5, rsync 3.1.2, corosync 2.4. The container tests run on newer ones and would not notice.
 */
const TOO_NEW: readonly (readonly [what: RegExp, since: string])[] = [
  [/systemctl[^\n`]* --value\b/, 'systemd 230'],
  [/systemctl[^\n`]*\b(enable|disable|mask)\b[^\n`]* --now\b/, 'systemd 220'],
  [/systemctl[^\n`]* --wait\b/, 'systemd 232'],
  [/systemd-run[^\n`]* (--pipe|--wait|--collect|-P|-G)\b/, 'systemd 232'],
  [/journalctl[^\n`]* (--grep|-g|--no-hostname|--invocation)\b/, 'systemd 230'],
  [/\b(StartLimitIntervalSec|ExecCondition|RuntimeDirectoryPreserve)\b/, 'systemd 229'],
  [/\blsblk[^\n`]*( -\w*J|--json|\bMOUNTPOINTS\b|\bPTTYPE\b|[, ]PATH\b)/, 'util-linux 2.27'],
  [/\b(findmnt|losetup|wipefs|lscpu)[^\n`]*( -\w*J\b|--json)/, 'util-linux 2.27'],
  [/\bblkid [^\n`]*--(output|match-tag|probe|label|uuid)\b/, 'util-linux 2.33'],
  [/\bflock [^\n`]*(-F\b|--no-fork|--fcntl)/, 'util-linux 2.34'],
  [/\b(mount|mountpoint) [^\n`]*(--mkdir|--nofollow|--onlyonce)/, 'util-linux 2.35'],
  [/\bip (-\w+ )*-(j|json|br|brief)\b/, 'iproute 4.13'],
  [/\bsha\d+sum [^\n`]*(-z\b|--zero|--ignore-missing)/, 'coreutils 8.25'],
  [/\b(head|tail|cut|comm|join|paste) (-\S+ )*(-z|--zero-terminated)\b/, 'coreutils 8.25'],
  [/\bdd [^\n`]*status=progress/, 'coreutils 8.24'],
  [/^\s*sync -[fd](?!.*\|\|)/m, 'coreutils 8.24'],
  [/\benv (-\w+ )*(-C|-S|--chdir|--split-string)\b/, 'coreutils 8.28'],
  [/\b(cp|mv) [^\n`]*(--update=|--exchange|--no-copy|--debug)/, 'coreutils 9.3'],
  [/\bls [^\n`]*(--zero|--hyperlink)/, 'coreutils 9.0'],
  [/\btar [^\n`]*(--sort=|--zstd)/, 'tar 1.28'],
  [/\bcurl [^\n`]*(--retry-connrefused|--retry-all-errors|--fail-with-body|--output-dir)/, 'curl 7.52'],
  [/\bfind [^\n`]*-files0-from/, 'findutils 4.9'],
  [/\brsync [^\n`]*--(mkpath|open-noatime|atimes|crtimes|write-devices|fsync|trust-sender)\b/, 'rsync 3.2'],
  [/\bcorosync-cfgtool -n\b/, 'corosync 3'],
  [/\$\{\w+@[A-Za-z]\}|\b(declare|local|typeset) -n\b|\bwait -n\b|\b(mapfile|readarray) -d/, 'bash 4.3'],
]

const root = fileURLToPath(new URL('../..', import.meta.url))
const withoutComments = (text: string): string =>
  text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '').replace(/^\s*(#) .*$/gm, '')

/** Every text that a host could be given. */
const sources = globSync(['src/**/*.ts', 'roles/**/*.ts', 'roles/*/files/*'], { cwd: root }).toSorted()

test.each(TOO_NEW)('no script needs %s, which came with %s', (what) => {
  const found = sources.filter((file) => what.test(withoutComments(readFileSync(`${root}/${file}`, 'utf8'))))
  expect(found).toEqual([])
})

test('the scripts are found', () => {
  expect(sources.length).toBeGreaterThan(300)
  expect(sources).toContain('roles/drill_failover/come_back.ts')
})
