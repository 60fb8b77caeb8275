import { BringupError } from 'bringup'
import type { ApplyContext } from 'bringup'
import { output } from '../../src/operations/host_script.ts'

// What /vz may hold, in one folder; what comes back is compared word for word.
const SCRIPT = `set -eu
probe=$(mktemp -d "$1/probe.XXXXXX")
trap 'rm -rf -- "$probe"' EXIT
cd -- "$probe"
missing() { echo "$1"; exit 0; }
: >file; : >dir-name
touch -d '2001-02-03 04:05:06.123456789 UTC' file
[ "$(stat -c %y file | cut -c 20-29)" = .123456789 ] || missing 'times to the nanosecond'
for name in user.bringup trusted.bringup security.bringup; do
  setfattr -n "$name" -v 'a value' file 2>/dev/null || missing "attributes $name"
done
setfacl -m u:12345:r-- file 2>/dev/null || missing ACLs
getfacl -n file 2>/dev/null | grep -q '^user:12345:r--' || missing ACLs
ln file link || missing 'hard links'
chown 12345:54321 file || missing owners
chmod 06751 file; [ "$(stat -c %a file)" = 6751 ] || missing 'setuid and setgid'
dd if=/dev/zero of=holes bs=1 count=1 seek=1048575 2>/dev/null
[ "$(stat -c %b holes)" -lt 1024 ] || missing 'files with holes'
mknod pipe p || missing pipes
mknod null c 1 3 || missing devices
name=$(printf 'bytes \\377 and\\nlines'); : >"$name" && [ -e "$name" ] || missing 'names of any bytes'
if ln -s target symlink; then :; else missing symlinks; fi`

/** Tries whether a folder's file system keeps all that a file can have. @throws BringupError REFUSED with what it does not */
export async function probe(context: ApplyContext, folder: string): Promise<void> {
  const missing = (await output(context, `try what ${folder} keeps`, SCRIPT, [folder])).toString().trim()
  if (missing === '') return
  throw new BringupError('REFUSED', `${folder} does not keep all that the files of /vz have`, {
    expected: 'a file system that keeps attributes, ACLs, links, holes, devices and times',
    seen: `not kept: ${missing}`,
    remedy:
      'Nothing was stopped. Name a folder on another file system: evacuation.to; what was begun in this one can be removed, with the marker (see the README of vz_evacuate).',
  })
}
